"""Long jobs and the pulse of workers."""
