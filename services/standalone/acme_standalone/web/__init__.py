"""The built web apps: their files, their headers and what they must know at run time."""
