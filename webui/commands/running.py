"""serve, web, work: the program as one process on one machine, or its two halves for many."""

from __future__ import annotations

import logging
import signal
import threading

import click

from webui.cli import say, tell
from webui.place import Place, Unfit, now

HOST = click.option("--host", envvar="BIHUAN_HOST", default="127.0.0.1", show_default=True, help="监听地址")
PORT = click.option(
    "--port", envvar="BIHUAN_PORT", type=click.IntRange(0, 65535), default=8000, show_default=True, help="端口"
)


def speak_up() -> None:
    """Log lines on the error stream, with the time in front."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for quiet in ("alembic", "dbos", "spiff", "waitress.queue"):
        logging.getLogger(quiet).setLevel(logging.WARNING)


@click.command(short_help="Web and worker in one process 启动")
@HOST
@PORT
@click.option("--demo", is_flag=True, help="Load the demo when the database is new. 新库装入演示城市")
@click.option("--reload", is_flag=True, help="Start again when a source file changes. 改动源码后自动重启")
@click.option("--database", metavar="URL", help="Database; by default SQLite in var/. 数据库")
@click.pass_obj
def serve(place: Place, host: str, port: int, demo: bool, reload: bool, database: str | None) -> None:
    """Web and worker in one process; brings the tables up to date first. 启动（网页与定时任务）"""
    speak_up()
    place = Place.of(place.home, database or place.url, place.officer)
    if reload:
        _serve_again_and_again(place, host, port, demo=demo)
    else:
        _serve(place, host, port, demo=demo)
        tell("已停止。", "Stopped.")


def _serve(place: Place, host: str, port: int, *, demo: bool) -> None:
    from webui import serve as server

    with place.to_itself():
        is_demo = _prepare(place, demo=demo)
        running = server.both(place, host, port, DEMO=is_demo)
        try:
            address = next(running)
        except OSError as error:
            raise Unfit(
                f"{host}:{port} 不能用（{error.strerror}）。请换一个端口：bihuan serve --port 8001",
                f"{host}:{port} cannot be used ({error.strerror}). Choose another port: bihuan serve --port 8001",
            ) from None
        _greet(place, address, demo=is_demo)
        for _ in running:
            pass


def _serve_again_and_again(place: Place, host: str, port: int, *, demo: bool) -> None:
    """For those who change the source: one process watches, its child serves and is started again."""
    from werkzeug.serving import is_running_from_reloader, run_simple

    from webui import serve as server

    if not is_running_from_reloader():
        with place.to_itself():
            is_demo = _prepare(place, demo=demo)
        _greet(place, f"http://{host}:{port}", demo=is_demo)
        run_simple(host, port, place.app(DEMO=demo), use_reloader=True, threaded=True)
        return
    with place.to_itself(), server.worker(place):
        run_simple(host, port, place.app(TEMPLATES_AUTO_RELOAD=True, DEMO=demo), use_reloader=True, threaded=True)


def _prepare(place: Place, *, demo: bool) -> bool:
    """Tables, and with `demo` the invented city when nobody is there yet; whether that city is what is served."""
    place.migrate()
    if not demo:
        return False
    from webui.demo import city

    with place.sessions() as session:
        new, there = city.is_new(session), city.is_there(session)
    if new:
        from webui.demo import load

        load.everything(place, at=now(), tell=lambda zh, en: click.echo(f"  {say(zh, en)}"))
    return new or there


def _greet(place: Place, address: str, *, demo: bool) -> None:
    click.echo(f"\n  闭环 Bihuan  {address}\n")
    if demo:
        _show_accounts(place)
    tell("  按 Ctrl+C 停止。", "  Ctrl+C stops it.")


@click.command(short_help="Only the pages 仅网页")
@HOST
@PORT
@click.pass_obj
def web(place: Place, host: str, port: int) -> None:
    """Only the pages, for several processes on one PostgreSQL. 仅网页"""
    from webui import serve as server

    speak_up()
    place.ready()
    server.run(server.listen(place.app(), host, port))


@click.command(short_help="Only the worker 仅定时任务")
@click.option("--once", is_flag=True, help="Do what is due now, then stop. 只办一次")
@click.pass_obj
def work(place: Place, once: bool) -> None:
    """Only the worker: timers, messages, long jobs; any number of them may run. 仅定时任务"""
    from engine import work as worker
    from engine.jobs import connectors, durable
    from webui import serve as server

    speak_up()
    sessions = place.ready()
    if once:
        done = worker.once(sessions, at=now()) + connectors.once(sessions, place.doors(), clock=now)
        tell(f"办了 {done} 件到时的事。", f"Things done that were due: {done}.")
        return
    worker.give_way()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    with durable.running(place.url, place.home, sessions, clock=now) as jobs, server.connecting(place, stop):
        worker.forever(sessions, stop, clock=now, jobs=jobs)


def _show_accounts(place: Place) -> None:
    from webui.demo import city

    with place.sessions() as session:
        accounts = city.accounts(session)
    if not accounts:
        return
    tell(f"  演示账号（密码均为 {city.PASSWORD}）", f"  Demo accounts (all with the password {city.PASSWORD})")
    for login, what in accounts:
        click.echo(f"    {login:<16}{say(what.zh, what.en)}")
    click.echo()


@click.command(short_help="Do workers run, and in time? 运行状况")
@click.pass_obj
def status(place: Place) -> int:
    """Which workers run and how late they are; exits with 1 when that is an alarm. 运行状况"""
    from engine.jobs import pulse

    with place.reading() as session:
        standing = pulse.standing(session, at=now())
    for worker in standing.workers:
        gone = say("没有消息", "not heard of") if worker.gone else say("运行中", "running")
        click.echo(f"{worker.name}  {gone}  {worker.seen_at:%Y-%m-%d %H:%M:%S}Z  {worker.things}")
    lag, due = round(standing.lag), standing.due.number
    tell(f"到时未办 {due} 件，最久的晚了 {lag} 秒。", f"{due} due and not done, the oldest {lag} seconds late.")
    if standing.alarm is not None:
        tell(standing.alarm.zh, standing.alarm.en)
        return 1
    return 0
