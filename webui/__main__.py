"""`python -m webui` is `bihuan`."""

from webui.cli import main

if __name__ == "__main__":
    main()
