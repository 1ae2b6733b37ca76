"""What an inspector would photograph in Qinglan, drawn: each scene as it was found, and as it was put right."""

from __future__ import annotations

import random
from collections.abc import Callable

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1600, 1200
Box = tuple[float, float, float, float]
Colour = tuple[int, int, int]

WALL, FLOOR, DARK, WOOD = (226, 222, 210), (168, 164, 156), (52, 54, 60), (150, 112, 74)
GREEN, BLUE, RED, YELLOW, WHITE = (76, 128, 92), (58, 104, 160), (188, 58, 48), (226, 180, 60), (244, 244, 240)
SKIN, SUIT = (224, 188, 160), (232, 238, 244)
CARTONS = ((184, 146, 98), (168, 130, 86), (198, 162, 114), (152, 118, 80))


class Sketch:
    """A sheet of paper with a little perspective: far things are small and pale."""

    def __init__(self, sky: Colour, ground: Colour, horizon: float) -> None:
        self.image = Image.new("RGB", (WIDTH, HEIGHT), sky)
        self.pen = ImageDraw.Draw(self.image)
        self.shade((0, 0, WIDTH, horizon), sky, darker=14)
        self.shade((0, horizon, WIDTH, HEIGHT), ground, darker=-34)

    def shade(self, box: Box, colour: Colour, *, darker: int) -> None:
        """A rectangle that grows lighter from its upper to its lower edge (or darker, when negative)."""
        left, top, right, bottom = (round(edge) for edge in box)
        for row in range(top, bottom, 4):
            step = darker * (row - top) / max(bottom - top, 1)
            self.pen.rectangle((left, row, right, row + 4), fill=tint(colour, step))

    def box(self, box: Box, colour: Colour, *, edge: int = 3) -> None:
        """A box seen from the front, with its top and its right side."""
        left, top, right, bottom = box
        deep = (right - left) * 0.14
        self.pen.polygon(
            [(left, top), (left + deep, top - deep * 0.7), (right + deep, top - deep * 0.7), (right, top)],
            fill=tint(colour, 26),
        )
        self.pen.polygon(
            [(right, top), (right + deep, top - deep * 0.7), (right + deep, bottom - deep * 0.7), (right, bottom)],
            fill=tint(colour, -34),
        )
        self.pen.rectangle(box, fill=colour, outline=tint(colour, -50), width=edge)

    def carton(self, box: Box, colour: Colour) -> None:
        self.box(box, colour)
        left, top, right, bottom = box
        middle = (left + right) / 2
        self.pen.rectangle((middle - 9, top, middle + 9, bottom), fill=tint(colour, 34))

    def person(self, x: float, feet: float, tall: float, coat: Colour, *, masked: bool = True) -> None:
        head, wide = tall * 0.085, tall * 0.15
        top = feet - tall
        self.pen.ellipse((x - wide * 1.3, feet - 10, x + wide * 1.3, feet + 12), fill=tint(FLOOR, -40))
        for side in (-1, 1):
            self.pen.rounded_rectangle(
                (x + side * wide * 0.5 - wide * 0.32, feet - tall * 0.45, x + side * wide * 0.5 + wide * 0.32, feet),
                radius=12, fill=tint(coat, -46),
            )  # fmt: skip
            self.pen.rounded_rectangle(
                (x + side * wide - wide * 0.25, feet - tall * 0.8, x + side * wide + wide * 0.25, feet - tall * 0.38),
                radius=16, fill=tint(coat, -18),
            )  # fmt: skip
        self.pen.rounded_rectangle((x - wide, feet - tall * 0.82, x + wide, feet - tall * 0.36), radius=26, fill=coat)
        self.pen.ellipse((x - head, top, x + head, top + head * 2.1), fill=SKIN)
        self.pen.pieslice((x - head * 1.08, top - 6, x + head * 1.08, top + head * 1.9), 180, 360, fill=DARK)
        if masked:
            self.pen.rounded_rectangle(
                (x - head * 0.8, top + head * 1.1, x + head * 0.8, top + head * 1.9), radius=8, fill=(176, 206, 226)
            )

    def sheet(self, box: Box, *, lines: int, filled: int, rng: random.Random) -> None:
        """A form on paper: ruled, and written on as far as somebody has."""
        left, top, right, bottom = box
        self.pen.rectangle(box, fill=WHITE, outline=tint(WHITE, -70), width=3)
        self.pen.rectangle((left, top, right, top + 46), fill=(206, 216, 226))
        step = (bottom - top - 60) / lines
        for line in range(lines):
            y = top + 60 + step * (line + 0.8)
            self.pen.line((left + 14, y, right - 14, y), fill=tint(WHITE, -60), width=2)
            if line < filled:
                x = left + 20
                while x < right - 60:
                    stroke = rng.uniform(20, 60)
                    self.pen.line((x, y - rng.uniform(8, 16), x + stroke, y - rng.uniform(6, 18)), fill=BLUE, width=4)
                    x += stroke + rng.uniform(10, 26)


def tint(colour: Colour, by: float) -> Colour:
    red, green, blue = (max(0, min(255, round(part + by))) for part in colour)
    return red, green, blue


def corridor(rng: random.Random, *, fixed: bool) -> Image.Image:
    """A stairwell whose fire exit is blocked; cleared."""
    sketch = Sketch(WALL, FLOOR, 760)
    pen = sketch.pen
    pen.polygon([(0, 0), (470, 250), (470, 760), (0, 1200)], fill=tint(WALL, -18))
    pen.polygon([(1600, 0), (1130, 250), (1130, 760), (1600, 1200)], fill=tint(WALL, -26))
    pen.polygon([(0, 0), (470, 250), (1130, 250), (1600, 0)], fill=tint(WALL, 18))
    for step in range(1, 7):
        pen.line((800 + (step - 3.5) * 130, 760, 800 + (step - 3.5) * 460, 1200), fill=tint(FLOOR, -16), width=3)
    pen.rectangle((640, 350, 960, 760), fill=GREEN, outline=tint(GREEN, -40), width=8)
    pen.rectangle((900, 540, 940, 580), fill=YELLOW)
    pen.rectangle((700, 274, 900, 330), fill=(30, 140, 70))
    pen.polygon([(724, 302), (760, 286), (760, 318)], fill=WHITE)
    pen.rectangle((776, 296, 876, 308), fill=WHITE)
    if fixed:
        pen.rectangle((640, 770, 960, 786), fill=YELLOW)
        pen.polygon([(560, 1000), (1040, 1000), (1120, 1150), (480, 1150)], outline=YELLOW, width=10)
        return sketch.image
    x = 360.0
    while x < 1180:
        wide, tall = rng.uniform(130, 220), rng.uniform(120, 260)
        sketch.carton((x, 1010 - tall, x + wide, 1010), rng.choice(CARTONS))
        if rng.random() < 0.6:
            sketch.carton((x + 16, 1010 - tall * 1.75, x + wide - 20, 1010 - tall - 10), rng.choice(CARTONS))
        x += wide + 40
    _bicycle(sketch, 1060, 1120, rng)
    return sketch.image


def checkpoint(rng: random.Random, *, fixed: bool) -> Image.Image:
    """A check-point at a crossing: nobody there; two on duty."""
    sketch = Sketch((186, 206, 224), (132, 134, 132), 640)
    pen = sketch.pen
    for x in range(-60, 1600, 190):
        tall = rng.uniform(150, 320)
        sketch.shade((x, 640 - tall, x + 170, 640), tint((196, 188, 176), rng.uniform(-20, 20)), darker=-16)
        for floor in range(int(tall // 60)):
            for window in range(3):
                left, top = x + 20 + window * 48, 660 - tall + floor * 58
                pen.rectangle((left, top, left + 26, top + 30), fill=(128, 148, 168))
    pen.polygon([(640, 640), (960, 640), (1500, 1200), (100, 1200)], fill=(96, 98, 102))
    for step in range(5):
        top = 680 + step * 110
        pen.polygon([(794, top), (806, top), (812 + step * 3, top + 60), (788 - step * 3, top + 60)], fill=WHITE)
    for x in (210, 560):
        pen.line((x, 560, x, 980), fill=(210, 210, 214), width=14)
    pen.polygon([(160, 580), (385, 430), (610, 580)], fill=BLUE)
    pen.rectangle((160, 576, 610, 626), fill=tint(BLUE, 24))
    sketch.box((250, 820, 520, 960), (210, 214, 218))
    pen.rectangle((680, 780, 704, 1000), fill=DARK)
    ends = (1360, 824) if fixed else (1090, 420)
    for part in range(8):
        start = (692 + (ends[0] - 692) * part / 8, 820 + (ends[1] - 820) * part / 8)
        stop = (692 + (ends[0] - 692) * (part + 1) / 8, 820 + (ends[1] - 820) * (part + 1) / 8)
        pen.line((*start, *stop), fill=RED if part % 2 else WHITE, width=22)
    if fixed:
        sketch.person(330, 1010, 400, SUIT)
        sketch.person(620, 1060, 420, SUIT)
        sketch.sheet((300, 770, 400, 836), lines=4, filled=3, rng=rng)
    else:
        _chair(sketch, 360, 1040)
        _chair(sketch, 500, 1080)
    return sketch.image


def waste(rng: random.Random, *, fixed: bool) -> Image.Image:
    """The waste point of a quarantine site: bags on the ground; lids closed and labelled."""
    sketch = Sketch((206, 212, 208), (150, 150, 146), 620)
    pen = sketch.pen
    for x in range(0, 1600, 100):
        pen.line((x, 0, x, 620), fill=tint((206, 212, 208), -14), width=3)
    for number in range(4):
        left = 170 + number * 320
        sketch.box((left, 560, left + 230, 930), YELLOW)
        pen.ellipse((left + 20, 920, left + 70, 970), fill=DARK)
        pen.ellipse((left + 160, 920, left + 210, 970), fill=DARK)
        pen.polygon([(left + 75, 760), (left + 155, 760), (left + 115, 690)], outline=DARK, width=8)
        if fixed:
            pen.rounded_rectangle((left - 14, 528, left + 268, 566), radius=10, fill=tint(YELLOW, -30))
            pen.rectangle((left + 60, 800, left + 170, 880), fill=WHITE, outline=DARK, width=3)
            for row in range(3):
                pen.line((left + 72, 820 + row * 22, left + 158, 820 + row * 22), fill=BLUE, width=4)
        else:
            for _ in range(5):
                _bag(sketch, left + rng.uniform(0, 230), 560 - rng.uniform(-20, 60), rng.uniform(50, 84), rng)
    if fixed:
        pen.rectangle((120, 1000, 1500, 1016), fill=YELLOW)
        sketch.person(1480, 1040, 430, SUIT)
        return sketch.image
    for _ in range(16):
        _bag(sketch, rng.uniform(120, 1480), rng.uniform(960, 1110), rng.uniform(60, 120), rng)
    return sketch.image


def queue(rng: random.Random, *, fixed: bool) -> Image.Image:
    """A sampling point: a crowd; a line with marks at a metre's distance."""
    sketch = Sketch((198, 214, 226), (158, 156, 150), 600)
    pen = sketch.pen
    pen.rectangle((0, 330, 1600, 600), fill=(206, 196, 182))
    pen.polygon([(1090, 470), (1330, 330), (1570, 470)], fill=WHITE)
    for x in (1120, 1540):
        pen.line((x, 470, x, 860), fill=(180, 184, 190), width=14)
    sketch.box((1180, 700, 1480, 840), (206, 214, 222))
    sketch.person(1290, 830, 360, SUIT)
    coats = (BLUE, RED, GREEN, (120, 96, 140), (90, 98, 110), (190, 140, 80), (70, 120, 130))
    if fixed:
        for place in range(6):
            x = 1040 - place * 176
            pen.ellipse((x - 62, 1000, x + 62, 1044), fill=YELLOW)
            sketch.person(x, 1020, 380, coats[place % len(coats)])
        pen.line((60, 1090, 1120, 1090), fill=RED, width=12)
        return sketch.image
    for near in sorted(rng.uniform(0, 1) for _ in range(22)):
        sketch.person(
            rng.uniform(160, 1120), 840 + near * 260, 330 + near * 130, rng.choice(coats), masked=rng.random() < 0.5
        )
    return sketch.image


def gate(rng: random.Random, *, fixed: bool) -> Image.Image:
    """The gate of a closed compound: ajar and unwatched; shut, with a desk and a sign."""
    sketch = Sketch((190, 208, 222), (146, 146, 140), 700)
    pen = sketch.pen
    for x in (-40, 360, 1040, 1400):
        sketch.shade((x, 120 + rng.uniform(0, 90), x + 280, 560), (208, 198, 184), darker=-18)
        for floor in range(5):
            for window in range(4):
                pen.rectangle(
                    (x + 24 + window * 64, 230 + floor * 62, x + 60 + window * 64, 268 + floor * 62),
                    fill=(134, 152, 170),
                )
    pen.rectangle((0, 540, 1600, 740), fill=(176, 116, 92))
    for x in range(0, 1600, 64):
        pen.line((x, 540, x, 740), fill=tint((176, 116, 92), -16), width=3)
    pen.rectangle((430, 520, 1170, 760), fill=(120, 124, 126))
    for x in (410, 1170):
        sketch.box((x - 40, 400, x + 40, 780), (214, 206, 192))
    for left, right in ((460, 800), (800, 1140)) if fixed else ((460, 560), (1010, 1140)):
        for bar in range(left, right + 1, 34):
            pen.line((bar, 500, bar, 770), fill=DARK, width=10)
        for y in (520, 640, 760):
            pen.line((left, y, right, y), fill=DARK, width=12)
    if fixed:
        pen.rectangle((690, 590, 910, 690), fill=RED)
        pen.rectangle((712, 628, 888, 652), fill=WHITE)
        sketch.box((1230, 880, 1480, 1000), (206, 212, 218))
        sketch.person(1340, 1010, 400, BLUE)
        sketch.sheet((1260, 830, 1350, 890), lines=3, filled=2, rng=rng)
    else:
        for _ in range(4):
            sketch.person(rng.uniform(600, 960), rng.uniform(800, 980), rng.uniform(290, 380), GREEN, masked=False)
        _bicycle(sketch, 1240, 1080, rng)
    return sketch.image


def shelves(rng: random.Random, *, fixed: bool) -> Image.Image:
    """A store of supplies: bare; stocked and counted."""
    sketch = Sketch((214, 214, 208), (140, 138, 132), 900)
    pen = sketch.pen
    for unit in range(3):
        left = 110 + unit * 490
        for post in (left, left + 430):
            pen.rectangle((post, 180, post + 20, 1040), fill=(96, 104, 112))
        for shelf in range(4):
            y = 380 + shelf * 205
            pen.rectangle((left, y, left + 450, y + 18), fill=(120, 128, 136))
            x = left + 30.0
            while x < left + 380:
                wide = rng.uniform(74, 110)
                if fixed or rng.random() < 0.12:
                    tall = rng.uniform(90, 150)
                    colour = rng.choice((*CARTONS, (222, 228, 234), (168, 196, 216)))
                    sketch.carton((x, y - tall, min(x + wide, left + 410), y), colour)
                x += wide + 14
        if fixed:
            sketch.sheet((left + 150, 200, left + 290, 330), lines=5, filled=5, rng=rng)
    return sketch.image


def records(rng: random.Random, *, fixed: bool) -> Image.Image:
    """The disinfection log on the wall: blank since days; filled in and signed."""
    sketch = Sketch((216, 218, 210), (150, 140, 128), 1080)
    pen = sketch.pen
    pen.rectangle((140, 110, 1460, 1000), fill=(190, 160, 116), outline=(132, 104, 68), width=18)
    for number in range(3):
        left = 220 + number * 410
        sketch.sheet((left, 210, left + 340, 880), lines=16, filled=16 if fixed else rng.choice((0, 1, 2)), rng=rng)
        pen.ellipse((left + 158, 190, left + 182, 214), fill=RED)
        if fixed:
            pen.ellipse((left + 220, 760, left + 320, 860), outline=RED, width=8)
    if fixed:
        for bottle in range(3):
            x = 1180 + bottle * 110
            pen.rounded_rectangle((x, 1010, x + 70, 1160), radius=14, fill=(178, 208, 224))
            pen.rectangle((x + 24, 980, x + 46, 1012), fill=BLUE)
    return sketch.image


def _bicycle(sketch: Sketch, x: float, y: float, rng: random.Random) -> None:
    colour = rng.choice((RED, BLUE, DARK))
    for wheel in (x - 110, x + 110):
        sketch.pen.ellipse((wheel - 78, y - 156, wheel + 78, y), outline=DARK, width=10)
    frame = [(x - 110, y - 78), (x - 30, y - 190), (x + 80, y - 190), (x + 110, y - 78), (x, y - 78), (x - 30, y - 190)]
    sketch.pen.line(frame, fill=colour, width=12)
    sketch.pen.line([(x + 80, y - 190), (x + 70, y - 236), (x + 110, y - 244)], fill=DARK, width=10)
    sketch.pen.rounded_rectangle((x - 62, y - 214, x, y - 194), radius=8, fill=DARK)


def _chair(sketch: Sketch, x: float, y: float) -> None:
    sketch.pen.rectangle((x, y - 200, x + 16, y), fill=DARK)
    sketch.pen.rectangle((x + 96, y - 100, x + 112, y), fill=DARK)
    sketch.pen.rectangle((x, y - 110, x + 112, y - 90), fill=BLUE)
    sketch.pen.rectangle((x, y - 210, x + 20, y - 100), fill=BLUE)


def _bag(sketch: Sketch, x: float, y: float, size: float, rng: random.Random) -> None:
    colour = rng.choice((YELLOW, tint(YELLOW, -24), (70, 72, 76), (214, 214, 208)))
    sketch.pen.ellipse(
        (x - size, y - size * 0.9, x + size, y + size * 0.5), fill=colour, outline=tint(colour, -40), width=4
    )
    sketch.pen.polygon(
        [(x - 14, y - size * 0.85), (x + 14, y - size * 0.85), (x + 22, y - size * 1.15), (x - 20, y - size * 1.1)],
        fill=tint(colour, -20),
    )


SCENES: dict[str, Callable[..., Image.Image]] = {
    "corridor": corridor,
    "checkpoint": checkpoint,
    "waste": waste,
    "queue": queue,
    "gate": gate,
    "shelves": shelves,
    "records": records,
}
