"""Who there is in Qinglan: units in a tree, officers by duty with their roles, and the calendars of their deadlines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.acts import officers
from engine.words.officers import Actor
from engine.words.terms import ROLES, Term
from models import Officer, Unit
from webui.demo import holidays

PASSWORD = "bihuan"
SETTLER = Actor(id=None, login="demo", name="演示装载", unit_id=None)

# (code, name, English name, kind, code of the parent). The codes are those of the table responsible_unit.dmn.
UNITS: tuple[tuple[str, str, str, str, str | None], ...] = (
    ("qinglan", "青澜市", "Qinglan City", "市", None),
    ("command", "市疫情防控指挥部", "City Command Post", "指挥部", "qinglan"),
    ("command_office", "指挥部办公室", "Command Office", "办公室", "command"),
    ("general", "指挥部综合组", "General Group", "工作组", "command"),
    ("experts", "指挥部专家服务组", "Expert Liaison Group", "工作组", "command"),
    ("inspection", "指挥部督查组", "Inspection Group", "工作组", "command"),
    ("bigdata", "指挥部大数据支撑组", "Data Support Group", "工作组", "command"),
    ("visitors", "省专家督导组", "Provincial Expert Team", "上级督导", "qinglan"),
    ("health_commission", "市卫生健康委员会", "Health Commission", "部门", "qinglan"),
    ("cdc", "市疾病预防控制中心", "Centre for Disease Control", "专业机构", "health_commission"),
    ("public_security", "市公安局", "Public Security Bureau", "部门", "qinglan"),
    ("market_supervision", "市市场监督管理局", "Market Supervision Bureau", "部门", "qinglan"),
    ("education", "市教育局", "Education Bureau", "部门", "qinglan"),
    ("departments", "市直单位联合办公室", "Joint Office of City Departments", "办公室", "qinglan"),
    ("transport", "市交通运输局", "Transport Bureau", "部门", "qinglan"),
    ("commerce", "市商务局", "Commerce Bureau", "部门", "qinglan"),
    ("industry", "市工业和信息化局", "Industry Bureau", "部门", "qinglan"),
    ("agriculture", "市农业农村局", "Agriculture Bureau", "部门", "qinglan"),
    ("finance_bureau", "市财政局", "Finance Bureau", "部门", "qinglan"),
    ("data_bureau", "市数据局", "Data Bureau", "部门", "qinglan"),
    ("civil_affairs", "市民政局", "Civil Affairs Bureau", "部门", "qinglan"),
    ("publicity_department", "市委宣传部", "Publicity Department", "部门", "qinglan"),
    ("audit", "市审计局", "Audit Bureau", "部门", "qinglan"),
    ("jiefang", "解放街道", "Jiefang Subdistrict", "街道", "qinglan"),
    ("jiefang_community", "解放社区", "Jiefang Community", "社区", "jiefang"),
    ("yongan_community", "永安社区", "Yong'an Community", "社区", "jiefang"),
    ("guanlan_community", "观澜社区", "Guanlan Community", "社区", "jiefang"),
    ("binhai", "滨海街道", "Binhai Subdistrict", "街道", "qinglan"),
    ("yugang_community", "渔港社区", "Yugang Community", "社区", "binhai"),
    ("haijing_community", "海景社区", "Haijing Community", "社区", "binhai"),
    ("yunling", "云岭镇", "Yunling Town", "镇", "qinglan"),
    ("chashan_village", "茶山村", "Chashan Village", "村", "yunling"),
    ("shiqiao_village", "石桥村", "Shiqiao Village", "村", "yunling"),
    ("shahe", "沙河镇", "Shahe Town", "镇", "qinglan"),
    ("hewan_village", "河湾村", "Hewan Village", "村", "shahe"),
    ("dukou_village", "渡口村", "Dukou Village", "村", "shahe"),
    ("linhai", "临海县", "Linhai County", "县", "qinglan"),
    ("qingyuan", "清源县", "Qingyuan County", "县", "qinglan"),
    ("first_school", "市第一中学", "First Middle School", "学校", "education"),
    ("experimental_school", "市实验小学", "Experimental Primary School", "学校", "education"),
    ("evergreen_home", "常青养老院", "Evergreen Nursing Home", "养老机构", "civil_affairs"),
    ("people_hospital", "市人民医院", "People's Hospital", "医疗机构", "health_commission"),
    ("designated_hospital", "市级定点医院", "Designated Hospital", "医疗机构", "health_commission"),
    ("north_gate", "北门卡口", "North Gate Checkpoint", "卡口", "transport"),
)

# (login, name, English name, post, English post, unit, roles held for that unit)
# Roles that serve the whole city are held for the city.
_CITY = "qinglan"
OFFICERS: tuple[tuple[str, str, str, str, str, str, dict[str, tuple[str, ...]]], ...] = (
    ("expert", "督导专家甲", "Expert A", "督导专家", "Supervising expert", "visitors", {"raiser": ("visitors",)}),
    ("expert2", "督导专家乙", "Expert B", "督导专家", "Supervising expert", "visitors", {"raiser": ("visitors",)}),
    ("liaison", "专家服务组联络员甲", "Liaison A", "联络员", "Liaison officer", "experts",
     {"liaison": (_CITY,), "raiser": ("experts",)}),
    ("liaison2", "专家服务组联络员乙", "Liaison B", "联络员", "Liaison officer", "experts",
     {"liaison": (_CITY,), "raiser": ("experts",)}),
    ("general", "综合组干事甲", "General group clerk A", "干事", "Clerk", "general", {"liaison": (_CITY,)}),
    ("leader", "市主要领导", "Principal leader", "主要领导", "Principal leader", "command", {"leader": (_CITY,)}),
    ("lead_leader", "牵头市领导甲", "Lead leader A", "分管领导", "Deputy leader", "command", {"lead_leader": (_CITY,)}),
    ("dispatcher", "派遣员甲", "Dispatcher A", "派遣员", "Dispatcher", "general", {"dispatcher": (_CITY,)}),
    ("arbiter", "会商召集人", "Arbiter", "会商召集人", "Convenor", "command", {"arbiter": (_CITY,)}),
    ("reviewer", "审核负责人甲", "Reviewer A", "审核负责人", "Reviewer", "command", {"reviewer": (_CITY,)}),
    ("reviewer2", "审核负责人乙", "Reviewer B", "审核负责人", "Reviewer", "general", {"reviewer": (_CITY,)}),
    ("inspector", "督查组组员甲", "Inspector A", "督查员", "Inspector", "inspection",
     {"inspector": (_CITY,), "raiser": ("inspection",)}),
    ("inspector2", "督查组组员乙", "Inspector B", "督查员", "Inspector", "inspection",
     {"inspector": (_CITY,), "raiser": ("inspection",)}),
    ("inspector3", "督查组组员丙", "Inspector C", "督查员", "Inspector", "inspection",
     {"inspector": (_CITY,), "raiser": ("inspection",)}),
    ("commander", "指挥部值班指挥长", "Duty commander", "值班指挥长", "Duty commander", "command",
     {"commander": (_CITY,)}),
    ("discipline", "派驻纪检组干部", "Discipline officer", "纪检干部", "Discipline officer", "command",
     {"discipline": (_CITY,)}),
    # Who verified the facts does not propose what follows from them.
    ("discipline2", "派驻纪检组干部乙", "Discipline officer B", "纪检干部", "Discipline officer", "inspection",
     {"discipline": (_CITY,)}),
    ("gatekeeper", "卡口值守员甲", "Checkpoint officer A", "卡口值守", "Checkpoint staff", "transport",
     {"gatekeeper": (_CITY,)}),
    ("screener", "筛查专班干事甲", "Screening officer A", "筛查专班", "Screening team", "cdc", {"screener": (_CITY,)}),
    ("medic", "医疗救治组医生甲", "Doctor A", "医疗救治", "Medical team", "health_commission",
     {"medic": (_CITY, "health_commission", "people_hospital", "designated_hospital")}),
    ("tracer", "流调队员甲", "Tracer A", "流调溯源", "Tracing team", "cdc", {"tracer": (_CITY,)}),
    ("transporter", "转运专班调度甲", "Transfer officer A", "转运调度", "Transfer team", "transport",
     {"transporter": (_CITY,)}),
    ("quartermaster", "物资保障组干事甲", "Supplies officer A", "物资保障", "Supplies team", "commerce",
     {"quartermaster": (_CITY,)}),
    ("designer", "流程设计员", "Process designer", "流程设计", "Process designer", "bigdata", {"designer": (_CITY,)}),
    ("auditor", "审计员甲", "Auditor A", "审计员", "Auditor", "audit", {"auditor": (_CITY,)}),
    ("admin", "系统管理员", "Administrator", "系统管理", "Administrator", "bigdata", {"admin": (_CITY,)}),
)  # fmt: skip
# Each of these has a clerk who writes ("jiefang_clerk") and a head who signs ("jiefang_head"): (prefix of the login,
# own unit, units for which they answer besides it and those below it).
PAIRS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("jiefang", "jiefang", ()),
    ("binhai", "binhai", ()),
    ("yunling", "yunling", ()),
    ("shahe", "shahe", ()),
    ("health", "health_commission", ()),
    ("police", "public_security", ()),
    ("market", "market_supervision", ()),
    ("education", "education", ()),
    ("linhai", "linhai", ()),
    ("qingyuan", "qingyuan", ()),
    ("joint", "departments", (
        "transport", "commerce", "industry", "agriculture", "finance_bureau", "data_bureau", "civil_affairs",
        "publicity_department", "evergreen_home", "north_gate",
    )),
    # What is asked of a group of the command post, its office does.
    ("command", "command_office", ("command", "general", "experts", "inspection", "bigdata", "visitors", "audit")),
)  # fmt: skip
# Named on the terminal and the sign-in page, in the order an issue meets them.
SHOWN = (
    "expert", "liaison", "leader", "lead_leader", "dispatcher", "jiefang_clerk", "jiefang_head", "arbiter", "reviewer",
    "inspector", "designer", "auditor", "admin",
)  # fmt: skip

SHIFTS = [["08:30", "12:00"], ["14:30", "18:00"]]
_WHOLE_DAY = [["00:00", "00:00"]]
ZONE = "Asia/Shanghai"


def is_new(session: Session) -> bool:
    """Nobody has been entered yet."""
    return not session.scalar(select(func.count()).select_from(Unit)) and not session.scalar(
        select(func.count()).select_from(Officer)
    )


def is_there(session: Session) -> bool:
    """This is the invented city, not somebody's own."""
    query = select(func.count()).select_from(Unit).where(Unit.code.in_([code for code, *_ in UNITS]))
    return session.scalar(query) == len(UNITS)


def settle(session: Session, *, at: datetime) -> None:
    """Calendars, units and officers, through the same acts an administrator uses."""
    officers.set_calendar(
        session, "work", title="工作日历", title_en="Working hours", zone=ZONE,
        hours={str(day): SHIFTS for day in range(1, 6)}, days=holidays.days(), by=SETTLER, at=at,
    )  # fmt: skip
    officers.set_calendar(
        session, "always", title="全天候", title_en="Day and night", zone=ZONE,
        hours={str(day): _WHOLE_DAY for day in range(1, 8)}, days={}, by=SETTLER, at=at,
    )  # fmt: skip
    ids: dict[str, int] = {}
    for code, name, name_en, kind, parent in UNITS:
        above = ids[parent] if parent else None
        ids[code] = officers.add_unit(
            session, code, name, name_en=name_en, kind=kind, parent=above, by=SETTLER, at=at
        )  # fmt: skip
    for login, name, name_en, post, post_en, unit, roles in (*OFFICERS, *_pairs()):
        officers.add_officer(
            session, login, name, name_en=name_en, post=post, post_en=post_en, unit=ids[unit], password=PASSWORD,
            roles=[(role, ids[code]) for role, codes in roles.items() for code in codes], by=SETTLER, at=at,
        )  # fmt: skip


def count() -> int:
    return len(OFFICERS) + 2 * len(PAIRS)


def officer_id(session: Session, login: str) -> int:
    return session.execute(select(Officer.id).where(Officer.login == login)).scalar_one()


def accounts(session: Session) -> list[tuple[str, Term]]:
    """The demo accounts that are there, with what each is: [("liaison", Term("专家服务组联络员甲（…）", …)), …]."""
    there = set(session.scalars(select(Officer.login).where(Officer.login.in_(SHOWN), Officer.ended_at.is_(None))))
    known = {
        login: (name, name_en, ROLES[next(iter(roles))]) for login, name, name_en, *_, roles in (*OFFICERS, *_pairs())
    }
    return [
        (login, Term(f"{name}（{role.zh}）", f"{name_en} ({role.en})"))
        for login, (name, name_en, role) in ((login, known[login]) for login in SHOWN if login in there)
    ]


def _pairs() -> list[tuple[str, str, str, str, str, str, dict[str, tuple[str, ...]]]]:
    named = {code: (name.removeprefix("市"), name_en) for code, name, name_en, _, _ in UNITS}
    pairs = []
    for prefix, home, others in PAIRS:
        name, name_en = named[home]
        answers_for = (home, *(code for code, _, _, _, parent in UNITS if parent == home), *others)
        for suffix, post, post_en in (("clerk", "经办员", "Clerk"), ("head", "负责人", "Head")):
            roles = {f"unit_{suffix}": answers_for}
            pairs.append((f"{prefix}_{suffix}", f"{name}{post}", f"{post_en}, {name_en}", post, post_en, home, roles))
    return pairs
