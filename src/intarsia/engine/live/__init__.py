"""Who is in which segment at present, kept up with time and with what is learned."""
