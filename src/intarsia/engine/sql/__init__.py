"""A checked tree as SQL over everybody: the second back end, beside the interpreter, as of any instant."""
