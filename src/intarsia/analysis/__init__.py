"""What the record tells of customers beyond yes and no: scores and classes."""
