"""Published ways out of JavaScript sandboxes (vm, vm2, template engines, expression languages), and ways to overrun one.

Each is tried as the text of a FEEL expression and as a script. The scripts give `{escaped: …}` where something was reached.
"""

# ruff: noqa: E501 - lists of code are read across

from __future__ import annotations

# What a script must never see; `reached` is true when any of it is there.
_PROBE = "typeof process !== 'undefined' || typeof require !== 'undefined' || typeof module !== 'undefined' || typeof Deno !== 'undefined'"
_OUT = "const reached = (g) => !!g && (typeof g.process !== 'undefined' || typeof g.require !== 'undefined' || typeof g.Date === 'function' || typeof g.WebAssembly === 'object');\n"

ESCAPES = [
    f"return {{escaped: {_PROBE}}}",
    "return {escaped: reached(this.constructor.constructor('return this')())}",
    "return {escaped: reached([].constructor.constructor('return this')())}",
    "return {escaped: reached((function(){}).constructor('return this')())}",
    "return {escaped: reached((async () => {}).constructor('return this')())}",
    "return {escaped: reached((function*(){}).constructor('return this')().next().value)}",
    "return {escaped: reached(Function('return this')())}",
    "return {escaped: reached(globalThis)}",
    "return {escaped: reached(new Function('return globalThis')())}",
    "const C = input.constructor.constructor; return {escaped: reached(C('return globalThis')())}",
    "try { null.f() } catch (e) { return {escaped: reached(e.constructor.constructor('return this')())} }",
    "try { (function f(){ f() })() } catch (e) { return {escaped: reached(e.constructor.constructor('return this')())} }",
    "Error.prepareStackTrace = (e, s) => s; const s = new Error().stack; "
    "return {escaped: Array.isArray(s) && s.some((f) => reached(f.getThis && f.getThis()))}",
    "Error.prepareStackTrace = (e, s) => s; const s = new Error().stack; "
    "return {escaped: Array.isArray(s) && s.some((f) => { const g = f.getFunction && f.getFunction(); return g && reached(g.constructor('return this')()) })}",
    "const p = new Proxy({}, {get(t, k, r) { return reached(r.constructor && r.constructor.constructor('return this')()) }}); return {escaped: p.x === true}",
    "let got; Object.defineProperty(Object.prototype, 'then', {configurable: true, get() { got = this; }}); return {escaped: reached(got)}",
    "Object.prototype.toJSON = function () { return {escaped: reached(this.constructor.constructor('return this')())} }; return {}",
    "Array.prototype.forEach = () => {}; JSON.stringify = () => '{\"escaped\": true}'; return {}",
    "JSON.parse = () => { throw 1 }; Object.freeze = (x) => x; return {escaped: false}",
    "input.__proto__.polluted = 1; return {escaped: ({}).polluted === 1 && reached(globalThis)}",
    "const o = JSON.parse('{\"__proto__\": {\"x\": 1}}'); return {escaped: ({}).x === 1}",
    "return {escaped: typeof Date !== 'undefined' || typeof Intl !== 'undefined' || typeof Temporal !== 'undefined'}",
    "return {escaped: typeof Math.random !== 'undefined'}",
    "return {escaped: typeof SharedArrayBuffer !== 'undefined' || typeof Atomics !== 'undefined'}",
    "return {escaped: typeof WebAssembly !== 'undefined'}",
    "return {escaped: typeof eval === 'function'}",
    "return {escaped: typeof console === 'object' && console !== null}",
    "return {escaped: typeof setTimeout === 'function'}",
    "return {escaped: typeof XMLHttpRequest !== 'undefined' || typeof fetch !== 'undefined' || typeof WebSocket !== 'undefined'}",
    "return {escaped: typeof performance !== 'undefined'}",
    "const w = (0, globalThis.eval); return {escaped: typeof w === 'function'}",
    "return {escaped: reached(Reflect.construct(Function, ['return globalThis'])())}",
    "return {escaped: reached(Reflect.getPrototypeOf(function*(){}).constructor('return this')().next().value)}",
    "return {escaped: reached(Object.getOwnPropertyDescriptor(Object.prototype, '__proto__').get.constructor('return this')())}",
    "return {escaped: reached(((...a) => a)`x`[0].constructor.constructor('return this')())}",
    "const h = Symbol.hasInstance; class A { static [h]() { return true } }; return {escaped: reached(A.constructor('return this')())}",
    "return {escaped: reached(Array.from({length: 1}, Function.bind(null, 'return this'))[0]()())}",
    "let e; try { import('fs').then((m) => { e = m }) } catch {} ; return {escaped: !!e}",
    "}}); globalThis.process = 1; (() => {return {escaped: true}",
    "return {escaped: 1}; } , function () { return process",
    "const a = new WeakMap(); return {escaped: reached(a.constructor.constructor('return this')())}",
    "return {escaped: reached(new (class extends Function { constructor() { super('return this') } })()())}",
    "return {escaped: reached(Promise.resolve().constructor.constructor('return this')())}",
    "const g = Object.getOwnPropertyNames(globalThis); return {escaped: g.some((n) => /process|require|module|Deno|Bun|native|binding|python/i.test(n))}",
]  # fmt: skip
SCRIPTS = [_OUT + text for text in ESCAPES]

# The same, and what is tried in expression languages; every one of them must be null, refused or a plain value.
FEEL = [
    "constructor", "__proto__", "toString", "this", "globalThis", "process", "require", "Function", "eval", "Date",
    "x.constructor", "x.constructor.constructor", "x.__proto__", "x.__proto__.polluted", '"a".constructor', "[].constructor",
    "[].map", "[].length", "{}.constructor", "{}.toString", "{}.hasOwnProperty", "(function(a) a).constructor",
    "(function(a) a).call", "abs.constructor", 'get value({}, "constructor")', 'get value({}, "__proto__")',
    'get value({}, ["constructor", "constructor"])', "{__proto__: {polluted: true}}.polluted",
    '{"__proto__": {polluted: true}}.x', 'context put({}, "__proto__", {polluted: 1}).polluted',
    'context put({}, ["__proto__", "polluted"], 1).x', 'context merge([{__proto__: {a: 1}}]).a',
    'context([{key: "__proto__", value: {a: 1}}]).a', 'x["constructor"]', 'x[constructor]', "for i in x return i.constructor",
    "some c in [1] satisfies c.constructor != null", "(1).constructor", "true.constructor", '@"P1D".constructor',
    "now.constructor", "now.nanos", "today.days", "[1..2].constructor", "abs.call", "abs.parameters", "abs.builtin",
    'constructor("return this")()', 'Function("return this")()', 'eval("1")', 'import("fs")', 'require("fs")',
    'string("a").constructor("b")', "${7*7}", "#{7*7}", "{{7*7}}", "T(java.lang.Runtime)", "new Date()", "x = 5; y", "`constructor`",
    'replace("a", "(a)", "$constructor")', 'function(a) external {java: {class: "java.lang.Runtime", "method signature": "exec"}}',
    '(function(a) external {java: {class: "java.lang.System", "method signature": "exit(int)"}})(1)', "item.constructor",
    "partial.constructor", "random()", "random number()", "Math.random()",
]  # fmt: skip

# What would never end or fill the memory; each is stopped within the budget.
OVERRUNS_FEEL = [
    "count(for a in 1..100000, b in 1..100000 return 1)",
    'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$")',
    'replace("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a|aa)+$", "x")',
    "(function(f) f(f))(function(f) f(f))",
    "(function(f, n) f(f, [n, n]))(function(f, n) f(f, [n, n]), 1)",
    "count(for a in 1..30000000 return [a, a, a])",
    "count(for a in 1..3000, b in 1..3000 return [a, b, a, b])",
    "2 ** 2 ** 2 ** 2 ** 2 ** 2",
    "exp(exp(exp(exp(9))))",
    "every x in 1..1000000000 satisfies x > 0",
    '{f: function(s, n) if n = 0 then s else f(s + s, n - 1), v: string length(f("aaaaaaaaaa", 60))}.v',
    "{f: function(l, n) if n = 0 then l else f(concatenate(l, l), n - 1), v: count(f([1, 2], 60))}.v",
]
OVERRUNS_SCRIPTS = [
    "while (true) {}",
    "for (;;) ;",
    "const f = () => f(); return f()",
    "const a = []; while (true) a.push(new Array(1e6).fill(1))",
    "let s = 'x'; while (true) s += s",
    "return /(a+)+$/.test('a'.repeat(50) + '!') ? {} : {}",
    "return {get a() { while (true) {} }}",
    "return {toJSON() { for (;;) ; }}",
    "const p = () => Promise.resolve().then(p); p(); return {}",
    "function* g() { while (true) yield 1 } return {a: [...g()]}",
    "return new Proxy({}, {ownKeys() { for (;;) ; }})",
    "return {a: 'x'.repeat(2 ** 28)}",
    "return {a: 10n ** 10n ** 10n}",
    "const a = {}; a.a = a; return a",
    "return new ArrayBuffer(2 ** 33) && {}",
]
