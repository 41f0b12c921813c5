"""What becomes of a message that a provider has accepted: it arrives, and its statuses are told, or it fails."""

from comptoir.demo.emulators.courier import Courier
from comptoir.demo.emulators.world import Said

RANK = {"accepted": 0, "queued": 0, "sent": 1, "delivered": 2, "read": 3, "played": 4, "failed": 5, "undelivered": 5}


class Arriving:
    def __init__(self, courier: Courier) -> None:
        self.courier = courier
        self.world = courier.world

    async def accepted(self, said: Said, *, error: int = 0) -> None:
        """The rest of its life follows the faults that are set: early, repeated, out of order, or a failure."""
        self.world.add(said)
        faults = self.world.faults
        states = ("failed",) if error else faults.statuses
        said.error = error or faults.fails_with
        for number, state in enumerate(states):
            for _ in range(faults.repeats):
                if faults.is_early:
                    self.became(said, state)
                    await self.courier.tell_status_now(said, self._word(said, state))
                else:
                    self._later(said, state, after=faults.delay * (number + 1))

    def read(self, said: Said, state: str = "read") -> None:
        """The customer saw it, or played it."""
        if RANK[said.state] < RANK[state]:
            said.state = state
            self.courier.tell_status(said, self._word(said, state))

    def became(self, said: Said, state: str) -> None:
        if RANK[state] > RANK[said.state or "accepted"]:
            said.state = state

    def _later(self, said: Said, state: str, *, after: float) -> None:
        async def tell() -> None:
            self.became(said, state)
            await self.courier.tell_status_now(said, self._word(said, state))

        self.world.agenda.add(tell, lane=f"chat:{said.number.id}:{said.person.key}", after=after)

    @staticmethod
    def _word(said: Said, state: str) -> str:
        """Twilio knows no played, and says undelivered for what WhatsApp itself refused."""
        if said.number.provider == "twilio":
            return {"played": "read"}.get(state, state)
        return state
