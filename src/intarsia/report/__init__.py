"""What segments are worth: tables, pages and views for analysts."""
