"""What becomes of each tool's things when a diagram is brought in: for the help page, and before anybody tries."""

from __future__ import annotations

from dataclasses import dataclass

from engine.words.terms import Term

KEPT, MAPPED, LOOK, TODO, LEFT = "kept", "mapped", "look", "todo", "left"


@dataclass(frozen=True, slots=True)
class Fate:
    """One kind of thing: how the other tool writes it, what becomes of it, and how it stands here."""

    tool: str
    what: str
    kind: str
    now: Term


_C7, _C8, _FA, _JB, _ALL = "Camunda 7 / Operaton", "Camunda 8", "Flowable / Activiti", "jBPM", "BPMN"
FATES: tuple[Fate, ...] = (
    Fate(
        _ALL,
        "JUEL ${…}, Python, Groovy, JavaScript, MVEL",
        MAPPED,
        Term(
            "能确切翻译的条件、定时、集合译成 FEEL", "conditions, timers, collections become FEEL where that is certain"
        ),
    ),
    Fate(
        _ALL,
        "${bean.method()}, execution.…",
        TODO,
        Term("调用程序的表达式不翻译，请重写", "expressions that call a program are not translated; write them anew"),
    ),
    Fate(
        _ALL,
        "script",
        MAPPED,
        Term(
            "只赋值的脚本改为 FEEL 上下文，其余待办",
            "scripts that only set values become a FEEL context; others are to do",
        ),
    ),
    Fate(_ALL, "potentialOwner, humanPerformer", MAPPED, Term("候选角色和办理人", "candidate groups and assignee")),
    Fate(
        _ALL,
        "id",
        MAPPED,
        Term("缺少的 id 补上，不能用的流程 id 改写", "missing ids are given, unusable ones written anew"),
    ),
    Fate(
        _C7,
        "assignee, candidateGroups, dueDate, priority, formData, in, out",
        KEPT,
        Term("同样的写法，含义相同", "the same words, with the same meaning"),
    ),
    Fate(
        _C7,
        "type=external, topic",
        KEPT,
        Term(
            "外部服务任务（属性 worker），传入传出全部变量",
            "an external service task (property worker); all variables go in and out",
        ),
    ),
    Fate(
        _C7,
        "class, delegateExpression",
        LOOK,
        Term(
            "外部服务任务，主题就是类名或对象名：请让程序来办",
            "an external service task by the name of the class or object: let a program do it",
        ),
    ),
    Fate(
        _C7,
        "expression, executionListener, taskListener, connector",
        TODO,
        Term(
            "程序：补上替代的画法，或写明理由了结",
            "programs: draw what takes their place, or settle them with a reason",
        ),
    ),
    Fate(
        _C7,
        "inputOutput",
        MAPPED,
        Term("外部任务的映射逐条带来；别处待办", "mappings of external tasks come along; others are to do"),
    ),
    Fate(
        _C7,
        "formKey, formRef",
        TODO,
        Term("表单不在文件里，请画表单字段", "the form is outside the file: draw its fields"),
    ),
    Fate(
        _C7,
        "asyncBefore, exclusive, jobPriority, historyTimeToLive",
        LEFT,
        Term("只管原引擎的排队和历史", "they steer the other engine's queue and history only"),
    ),
    Fate(
        _C8,
        "taskDefinition, taskHeaders, ioMapping",
        MAPPED,
        Term(
            "外部服务任务；retries 少一次（首次不算在内）",
            "an external service task; retries is one less (the first try is not counted)",
        ),
    ),
    Fate(
        _C8,
        "userTaskForm, formDefinition",
        MAPPED,
        Term("文件里或 ZIP 中的表单改为表单字段", "forms in the file or the ZIP become fields"),
    ),
    Fate(
        _C8,
        "assignmentDefinition, taskSchedule, priorityDefinition",
        MAPPED,
        Term("办理人、角色、到期、优先级", "assignee, roles, due date, priority"),
    ),
    Fate(
        _C8,
        "calledDecision, calledElement, script, loopCharacteristics, subscription",
        MAPPED,
        Term("决策、调用、FEEL 脚本、多实例、correlation", "decision, call, FEEL script, repetition, correlation"),
    ),
    Fate(
        _FA,
        "class, delegateExpression, field",
        LOOK,
        Term("外部服务任务，参数按名传入", "an external service task; its fields go in by name"),
    ),
    Fate(_FA, "type=external-worker", MAPPED, Term("外部服务任务", "an external service task")),
    Fate(_FA, "type=dmn", MAPPED, Term("决策任务", "a business rule task")),
    Fate(_FA, "formProperty", MAPPED, Term("表单字段", "fields of the form")),
    Fate(
        _FA,
        "type=mail, http, shell, camel",
        TODO,
        Term("请改用服务任务的 topic（mail、http 等）", "choose a topic of a service task (mail, http …)"),
    ),
    Fate(_JB, "GroupId, ActorId, TaskName", MAPPED, Term("办理角色和办理人", "candidate groups and assignee")),
    Fate(_JB, "1h30m, 5s###1m", MAPPED, Term("改写成 ISO 时长", "an ISO duration")),
    Fate(_JB, "drools:onEntry-script, taskName", TODO, Term("程序：请在这里重新设置", "programs: set them up anew")),
    Fate(_JB, "metaData, packageName", LEFT, Term("只管原工具的显示", "they steer the other tool's pages only")),
    Fate(
        "Signavio, Bizagi, bpmn.io",
        "bioc:stroke, color:background-color",
        KEPT,
        Term("属于图形，原样保留", "they belong to the picture and stay"),
    ),
    Fate(
        "Signavio, Bizagi, bpmn.io",
        "signavio:…, bizagi:…",
        LEFT,
        Term("只管原工具的界面", "they steer the other tool's pages only"),
    ),
)
