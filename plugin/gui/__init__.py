"""The dialog: it fills in an algorithm's parameters, runs it and shows what came out; no arithmetic here."""
