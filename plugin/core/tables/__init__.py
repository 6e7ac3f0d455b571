"""Tables of scenarios and hyetographs: columns, units and errors by cell."""
