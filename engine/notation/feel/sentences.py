"""What is wrong with an expression, said to the designer who wrote it, in Chinese and English."""

from __future__ import annotations

Said = tuple[str, str]

OUT_OF_BUDGET: Said = (
    "计算耗时过长或占用内存过大，已被中止。请检查是否有过大的循环",
    "It took too long or too much memory and was stopped. Look for a loop that is too large",
)

# What people write who know another language, or type with a Chinese keyboard.
_HINTS: dict[str, Said] = {
    "&": ("“并且”写作 and", 'write "and"'),
    "|": ("“或者”写作 or", 'write "or"'),
    "!": ("“不”写作 not(…)，“不等于”写作 !=", 'write not(…), or != for "differs from"'),
    "'": ("文字用双引号 \" 括起", 'text stands in double quotes "'),
    "`": ("文字用双引号 \" 括起", 'text stands in double quotes "'),
    "“": ("引号须用半角 \"", 'use the plain double quote "'),
    "”": ("引号须用半角 \"", 'use the plain double quote "'),
    "‘": ("引号须用半角 \"", 'use the plain double quote "'),
    "’": ("引号须用半角 \"", 'use the plain double quote "'),
    "$": ("变量直接写名称，不写 ${…}", "write the variable's name alone, without ${…}"),
    "#": ("变量直接写名称，不写 #{…}", "write the variable's name alone, without #{…}"),
    "%": ("FEEL 没有 %，余数用 modulo(a, b)", "FEEL has no %; the remainder is modulo(a, b)"),
    ";": ("参数之间用逗号", "separate arguments by commas"),
}  # fmt: skip


def of_problem(kind: str, text: str, position: int) -> Said:
    """A place that cannot be read. `position` counts from 0; people count from 1."""
    shown = text if len(text) <= 40 else text[:39] + "…"
    match kind:
        case "unfinished":
            return "表达式没有写完", "The expression is not finished"
        case "doubled":
            return f"“{shown}”的比较符号写了两次；相等只写一个 =", f'"{shown}" has two signs; equality is a single ='
        case "full width":
            return (
                f"第 {position + 1} 个字符“{shown}”是全角标点，请用半角",
                f'Character {position + 1} "{shown}" is a full-width sign; use the plain one',
            )
        case "half":
            return (
                f"and、or 的两边须各是完整的判断，“{shown}”不是；决策表单元格的几个取值用逗号隔开，范围写 [3..5]",
                f'Both sides of "and", "or" must be whole judgements, and "{shown}" is none; '
                "in a cell, separate values by commas and write a range as [3..5]",
            )
        case "no function":
            return f"没有名为“{shown}”的函数", f'There is no function "{shown}"'
    zh, en = _HINTS.get(shown[:1], ("", ""))
    return (
        f"第 {position + 1} 个字符起“{shown}”处看不懂" + (f"（{zh}）" if zh else ""),
        f'Cannot be read from character {position + 1} on, at "{shown}"' + (f" ({en})" if en else ""),
    )


def of_failure(message: str) -> Said:
    """An error while evaluating; `message` is the interpreter's, in English."""
    if "call stack" in message:
        return "函数调用自己太多次", "A function calls itself too often"
    if "result is a range" in message:
        return "结果是一个区间或比较，不是值", "The result is a range or a test, not a value"
    if "result is a function" in message:
        return "结果是一个函数，不是值", "The result is a function, not a value"
    return f"无法求值（{message}）", f"It cannot be evaluated ({message})"


def of_warning(kind: str, text: str) -> Said:
    """Why a part of an expression is null."""
    shown = text if len(text) <= 40 else text[:39] + "…"
    match kind:
        case "NO_VARIABLE_FOUND":
            return f"没有变量“{shown}”，按空值处理", f'There is no variable "{shown}"; it counts as null'
        case "NO_CONTEXT_ENTRY_FOUND" | "NO_PROPERTY_FOUND":
            return f"其中没有“{shown}”，按空值处理", f'There is no "{shown}" in it; it counts as null'
        case "NO_FUNCTION_FOUND":
            return f"“{shown}”所调用的不是函数，按空值处理", f'"{shown}" calls what is no function; it counts as null'
        case "INVALID_TYPE" | "NOT_COMPARABLE":
            return (
                f"“{shown}”两边的类型不能这样运算，按空值处理",
                f'The types on both sides of "{shown}" do not go together; it counts as null',
            )
        case "INVALID_ARGUMENTS" | "FUNCTION_INVOCATION_FAILURE":
            return f"“{shown}”的参数不对，按空值处理", f'The arguments of "{shown}" are wrong; it counts as null'
    return f"“{shown}”不受支持，按空值处理", f'"{shown}" is not supported; it counts as null'
