"""Writing many records: rounds and lanes of batches, several at once (rule 14, contracts/salesforce.md A4,
A8)."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from syncer.connectors.salesforce.writing.batch_sender import BatchSender
from syncer.connectors.salesforce.writing.batches import Batch, lanes, rounds


class RecordWriter:
    """Sends what ``sender`` holds, from ``threads`` threads."""

    def __init__(self, sender: BatchSender, *, threads: int) -> None:
        self._sender, self._threads = sender, threads
        self._broken = False

    def run(self) -> None:
        """Send everything. Raises the fault that stopped it only where no record got a response; else the
        records that were not sent get passing refusals. An error of ``before_send`` stops the sending and is
        raised as it is."""
        failure: BaseException | None = None
        writes, target, state = self._sender.writes, self._sender.target, self._sender.state
        with ThreadPoolExecutor(self._threads, thread_name_prefix="salesforce-write") as pool:
            for places in rounds(writes, target.external_id):
                size = self._sender.sizes.of(target.entity.name)
                sent: list[Future[None]] = [
                    pool.submit(self._send_lane, lane) for lane in lanes(writes, places, size)
                ]
                for one in sent:
                    failure = failure or one.exception()
        if failure is not None:
            raise failure
        if state.fault is not None and not state.responded:
            raise state.fault

    def _send_lane(self, lane: Sequence[Batch]) -> None:
        for batch in lane:
            if self._broken:
                return
            try:
                self._sender.send(batch)
            except BaseException:  # whatever it is, the other lanes stop too
                self._broken = True
                raise
