"""An invented city to try everything on: 青澜市 Qinglan does not exist, nor do its officers; its troubles could."""
