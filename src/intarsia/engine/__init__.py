"""From checked trees to answers over everybody."""
