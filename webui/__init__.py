"""What officers see: one room per audience, every page drawn on the server. Read `app.py` first."""
