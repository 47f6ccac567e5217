"""One report from start to finish."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat

import analysis
from analysis.basis.errors import LinecardError
from analysis.run.endings import exit_code
from analysis.run.finished import is_whole
from analysis.run.job import Job
from analysis.run.manifest import Manifest, notices
from analysis.run.notebooks import executed, notebook_bytes
from analysis.run.pdf import pdf_report
from analysis.run.pipeline import run_stages
from analysis.run.places import frozen_file
from analysis.run.progress import Steps
from analysis.run.publish import building_folder, locked, publish
from analysis.run.render import ReportHead, html_report
from analysis.run.reuse import State, file_digest, fingerprint, forget, logged_chapters
from analysis.run.source_mapping import mapping_digests
from analysis.run.stages import Stage
from analysis.run.stop import Interrupted, Stop
from analysis.run.store import recorded
from analysis.run.summary import summary_rows
from analysis.run.writing import storage, write_bytes, write_json


def make_report(job: Job) -> Path:
    """Run the notebooks, render, and move the finished report into place; returns its folder.

    Whatever goes wrong, `reports/` keeps what it had, and `data/runs/<report>/manifest.json` says what happened; only
    of a run that was refused before it touched a table of a finished one, it goes on telling of that one.
    """
    reports = job.root / "reports"
    with locked(job.folder, report=job.report), Stop() as stop, building_folder(reports, job.report) as new:
        mark = fingerprint(job.params, job.source, job.key)
        mapping = mapping_digests(job.source)
        manifest = Manifest(job.report, job.params, mark, job.stages, job.reused, job.key, mapping)
        state = State(job.folder)
        try:
            state.check_reusable(job.reused, fingerprint=mark, source=job.source, notebooks=job.notebooks)
        except BaseException as error:
            if not is_whole(job.folder):
                note_failure(job, manifest, error)
            raise
        try:
            with Steps(len(job.chosen) + 2) as steps:
                manifest.seconds = steps.seconds
                run_notebooks(job, state, manifest.fingerprint, steps=steps, stop=stop)
                render(job, new, steps=steps, stop=stop)
            write_json(new / "manifest.json", manifest.content(job.folder, exit_code=0))
            stop.check()
            publish(new, reports, job.report, whole=not job.left_out)
            write_json(job.folder / "manifest.json", manifest.content(job.folder, exit_code=0))
        except BaseException as error:
            note_failure(job, manifest, error)
            raise
        finally:
            shutil.rmtree(job.folder / "temp", ignore_errors=True)
    return reports / job.report


def run_notebooks(job: Job, state: State, mark: str, *, steps: Steps, stop: Stop) -> None:
    """Execute the chosen chapters; the others come from an earlier run, which `state` tells of."""
    state.forget(job.chosen)
    forget(job.folder, job.chosen if job.reused else {*logged_chapters(job.folder), *job.chosen})
    frozen = frozen_file(job.root, job.report)
    write_bytes(frozen, job.frozen.encode())

    params_file = frozen.relative_to(job.root).as_posix()

    def execute(stage: Stage) -> None:
        path = job.notebooks / f"{stage.name}.ipynb"
        with steps.step(stage.name):
            written, minutes = file_digest(path), job.params.minutes_per_notebook
            done = executed(path, params_file=params_file, root=job.root, minutes=minutes, stop=stop)
            write_bytes(job.folder / "notebooks" / path.name, notebook_bytes(done))
            state.note(stage, notebook=written, fingerprint=mark, source=job.source)

    run_stages(job.stages, chosen=job.chosen, execute=execute, jobs=job.jobs, stop=stop)
    state.check_consistent(job.stages, job.reused)


def render(job: Job, new: Path, *, steps: Steps, stop: Stop) -> None:
    """Write everything a reader gets into the folder `new`."""
    head = report_head(job)
    files = [job.folder / "notebooks" / f"{stage.name}.ipynb" for stage in sorted(job.stages, key=lambda s: s.name)]
    with steps.step("html"):
        html = html_report([nbformat.read(str(file), as_version=4) for file in files], head=head)
        write_bytes(new / "report.html", html.encode())
    stop.check()
    with steps.step("pdf"):
        write_bytes(new / "report.pdf", pdf_report(html, head=head))
    stop.check()
    rows = summary_rows(recorded(job.folder), quarter=job.params.quarter, targets=job.params.targets)
    write_json(new / "summary.json", rows)
    with storage(new / "notebooks"):
        (new / "notebooks").mkdir()
        for file in files:
            shutil.copyfile(file, new / "notebooks" / file.name)


def report_head(job: Job) -> ReportHead:
    """What stands over the report."""
    missing = [f"Chapters left out: {', '.join(job.left_out)}; run it without --only for them."] * bool(job.left_out)
    return ReportHead(
        title="Customer report",
        subtitle=f"{job.source.name}, quarter {job.params.quarter.number} of {job.params.quarter.year}",
        source=job.source.name,
        quarter=str(job.params.quarter),
        as_of=job.params.quarter.last_day,
        language="en",
        version=analysis.__version__,
        notices=(*missing, *notices(job.folder, job.stages)),
    )


def note_failure(job: Job, manifest: Manifest, error: BaseException) -> None:
    """Write the manifest of a run that did not succeed; a disk that refuses that too hides no other error."""
    code = exit_code(error)
    message = str(error) if isinstance(error, LinecardError | Interrupted) else type(error).__name__
    try:
        write_json(job.folder / "manifest.json", manifest.content(job.folder, exit_code=code, message=message))
    except LinecardError:
        return
