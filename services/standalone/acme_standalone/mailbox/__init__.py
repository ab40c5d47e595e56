"""An inbox page over the folder that embedded mail is written to."""
