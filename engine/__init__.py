"""The engine: it knows BPMN, time, people and records; it knows no web, asks no clock, commits nothing."""
