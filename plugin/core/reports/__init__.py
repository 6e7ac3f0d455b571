"""Reports: figures, tables and maps in one self-contained HTML file."""
