"""What is kept: one noun a file, the tables behind it, and nothing that decides."""

from models.base import Base, UtcDateTime
from models.calendar import CalendarDay, WorkCalendar
from models.case import Attachment, Case, Clock, Document, Notice, Party
from models.definition import NEWEST, Draft, Process, Version
from models.entry import Book, Counter, Entry
from models.evidence import Evidence
from models.kept import KeptValue
from models.longjob import LongJob, Pulse
from models.message import OutgoingMessage, Start, Subscription
from models.move import Move, MovedCase
from models.officer import Grant, Officer, Unit
from models.paper import Addressee, PaperCopy, PaperDraft, PaperTemplate, Receipt
from models.personal import PersonalValue
from models.service import AllowedHost, ServiceJob, WorkerToken
from models.slip import Slip
from models.story_file import StoryFile
from models.submission import Submission
from models.task import Bar, Candidate, Task
from models.timer import Timer

__all__ = [
    "NEWEST",
    "Addressee",
    "AllowedHost",
    "Attachment",
    "Bar",
    "Base",
    "Book",
    "CalendarDay",
    "Candidate",
    "Case",
    "Clock",
    "Counter",
    "Document",
    "Draft",
    "Entry",
    "Evidence",
    "Grant",
    "KeptValue",
    "LongJob",
    "Move",
    "MovedCase",
    "Notice",
    "Officer",
    "OutgoingMessage",
    "PaperCopy",
    "PaperDraft",
    "PaperTemplate",
    "Party",
    "PersonalValue",
    "Process",
    "Pulse",
    "Receipt",
    "ServiceJob",
    "Slip",
    "Start",
    "StoryFile",
    "Submission",
    "Subscription",
    "Task",
    "Timer",
    "Unit",
    "UtcDateTime",
    "Version",
    "WorkCalendar",
    "WorkerToken",
]
