"""What people decided: versioned definitions, corrections of words, loads and runs, in one SQLite file."""
