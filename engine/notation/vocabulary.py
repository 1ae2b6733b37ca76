"""Every word of BPMN inside a process: which we read, which only document, and what is said about all the others."""

from __future__ import annotations

from engine.notation.elements import EVENTS, GATEWAYS, NODES, SCOPES

# Attributes by element. `id` and `name` are read, or mere names, everywhere.
READ: dict[str, frozenset[str]] = {
    "process": frozenset({"isExecutable"}),
    "subProcess": frozenset({"triggeredByEvent"}),
    "adHocSubProcess": frozenset({"ordering", "cancelRemainingInstances"}),
    "callActivity": frozenset({"calledElement"}),
    "scriptTask": frozenset({"scriptFormat"}),
    "sendTask": frozenset({"messageRef"}),
    "receiveTask": frozenset({"messageRef"}),
    "startEvent": frozenset({"isInterrupting"}),
    "boundaryEvent": frozenset({"attachedToRef", "cancelActivity"}),
    "messageEventDefinition": frozenset({"messageRef"}),
    "signalEventDefinition": frozenset({"signalRef"}),
    "errorEventDefinition": frozenset({"errorRef"}),
    "escalationEventDefinition": frozenset({"escalationRef"}),
    "compensateEventDefinition": frozenset({"activityRef", "waitForCompletion"}),
    "multiInstanceLoopCharacteristics": frozenset({"isSequential"}),
    "standardLoopCharacteristics": frozenset({"testBefore", "loopMaximum"}),
    "dataObjectReference": frozenset({"dataObjectRef"}),
    "dataStoreReference": frozenset({"dataStoreRef"}),
    "sequenceFlow": frozenset({"sourceRef", "targetRef"}),
    "association": frozenset({"sourceRef", "targetRef"}),
    "conditionExpression": frozenset({"language"}),
    **dict.fromkeys(
        (
            "condition",
            "completionCondition",
            "loopCardinality",
            "loopCondition",
            "timeDate",
            "timeDuration",
            "timeCycle",
            "transformation",
            "from",
            "to",
        ),
        frozenset({"language"}),
    ),
}
# Of every activity, of every gateway.
READ_OF_ACTIVITIES = frozenset({"default", "isForCompensation"})
READ_OF_GATEWAYS = frozenset({"default"})
# Elements that are read, each inside these.
CHILDREN = frozenset(
    {
        "script", "conditionExpression", "condition", "completionCondition", "loopCardinality", "loopCondition",
        "loopDataInputRef", "timeDate", "timeDuration", "timeCycle", "timerEventDefinition", "messageEventDefinition",
        "signalEventDefinition", "errorEventDefinition", "escalationEventDefinition", "conditionalEventDefinition",
        "terminateEventDefinition", "cancelEventDefinition", "linkEventDefinition", "compensateEventDefinition",
        "multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "sequenceFlow", "extensionElements",
        "laneSet", "lane", "childLaneSet", "flowNodeRef", "association", "dataObject", "dataObjectReference",
        "dataStoreReference", "dataInputAssociation", "dataOutputAssociation", "sourceRef", "targetRef", "assignment",
        "transformation", "from", "to", "ioSpecification", "dataInput", "dataOutput", "inputSet", "outputSet",
        "dataInputRefs", "optionalInputRefs", "whileExecutingInputRefs", "outputSetRefs", "dataOutputRefs",
        "optionalOutputRefs", "whileExecutingOutputRefs", "inputSetRefs", "inputDataItem",
    }
)  # fmt: skip
# They tell the reader of the picture something and the engine nothing; with all that is in them.
PICTURE = frozenset(
    {
        "documentation", "textAnnotation", "group", "category", "incoming", "outgoing", "auditing", "monitoring",
        "dataState", "partitionElement", "property", "rendering", "source", "target", "artifact", "text",
        "supportedInterfaceRef", "ioBinding", "supports", "extension",
    }
)  # fmt: skip
PICTURE_ATTRIBUTES = frozenset(
    {
        "id", "name", "gatewayDirection", "isImmediate", "isClosed", "processType", "definitionalCollaborationRef",
        "associationDirection", "partitionElementRef", "evaluatesToTypeRef", "textFormat", "structureRef",
        "itemSubjectRef", "implementation", "isCollection",
    }
)  # fmt: skip
# With this value an attribute says what we do anyway.
USUAL: dict[str, frozenset[str]] = {
    "startQuantity": frozenset({"1"}),
    "completionQuantity": frozenset({"1"}),
    "isForCompensation": frozenset({"false", "0"}),
    "triggeredByEvent": frozenset({"false", "0"}),
    "instantiate": frozenset({"false", "0"}),
    "parallelMultiple": frozenset({"false", "0"}),
    "eventGatewayType": frozenset({"Exclusive"}),
    "behavior": frozenset({"All"}),
    "isCollection": frozenset({"false", "0"}),
    "cancelActivity": frozenset({"true", "1"}),
    "isInterrupting": frozenset({"true", "1"}),
    "method": frozenset({"##Compensate", "compensate", "Compensate"}),
    "isExpanded": frozenset({"true", "false"}),
    "waitForCompletion": frozenset({"true", "1"}),
}
# The process runs otherwise than drawn if we pass over these.
WEIGHTY = frozenset(
    {
        "startQuantity", "completionQuantity", "instantiate", "parallelMultiple", "eventGatewayType", "behavior",
        "triggeredByEvent", "isForCompensation", "cancelActivity", "isInterrupting", "language", "eventDefinitionRef",
        "conditionExpression", "condition", "completionCondition", "script", "default", "loopDataOutputRef",
        "outputDataItem",
    }
)  # fmt: skip


def reads(tag: str, attribute: str) -> bool:
    """Whether we read, or need not read, an attribute (without namespace) of a BPMN element."""
    if attribute in PICTURE_ATTRIBUTES or attribute in READ.get(tag, frozenset()):
        return True
    if tag in GATEWAYS:
        return attribute in READ_OF_GATEWAYS
    return tag in NODES and tag not in EVENTS and attribute in READ_OF_ACTIVITIES


def is_usual(attribute: str, value: str) -> bool:
    return value.strip() in USUAL.get(attribute, frozenset())


def has_place(tag: str, parent: str) -> bool:
    """Whether an element is read where it stands: flow elements inside processes and sub-processes only."""
    if tag in NODES or tag == "sequenceFlow":
        return parent in SCOPES or parent == "process"
    return True
