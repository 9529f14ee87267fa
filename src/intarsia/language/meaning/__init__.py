"""What facts mean as of a question, on every back end: values, orders, money, windows, who is one person."""
