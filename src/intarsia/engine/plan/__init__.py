"""How definitions would be answered, before anybody is asked: features each once, what answers each condition, why."""
