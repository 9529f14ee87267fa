"""The tables on disk, their schemas, and the SQL session that reads them."""
