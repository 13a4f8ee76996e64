"""The command line, one verb a file. A verb's module imports nothing heavy before it runs."""
