"""Reading pictures that anybody may have sent, and making the derivatives. No I/O but files."""
