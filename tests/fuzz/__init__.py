"""Random expressions, scripts and decision files against the sandbox: nothing gets out, takes long or falls over."""
