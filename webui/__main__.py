"""`python -m webui` is `bihuan`."""

from webui.cli import main

main()
