"""The isolated interpreter of FEEL: what a designer wrote is evaluated here, without any right of the program's."""
