"""`acme upload`: a photographer's folder, through the public APIs only.

The server is the truth about what is there: every file is announced with its digest, and only what the
project does not hold is sent. So nothing is remembered here, and a run that was killed goes on when it is
started again.
"""
