"""WhatsApp without an account: Meta's Graph API and Twilio's REST and Content APIs over real HTTP on loopback.

One process-wide `Emulator` plays both providers and every customer. It runs in the loop that starts it:

    emulator = Emulator(clock)
    await emulator.start()                       # a free port of 127.0.0.1; `emulator.url`
    number = emulator.add_meta_number()          # or add_twilio_number(); see numbers.Number
    number.webhook_url = "http://127.0.0.1:8000/api/webhooks/meta/key"
    lea = emulator.add_person("Léa Morel", "33639980001")
    emulator.acting.say(number, lea, "Bonjour")
    await emulator.settle()                      # every webhook that is due has been answered

A channel reaches it when its settings carry `base_url = emulator.url`: our providers run unchanged. Tests use the fixtures
of tests/rig/emulator.py, which runs one in a thread of its own.

The layout: `graph*` and `twilio*` are what is asked of each (Meta's requests against the public shapes in `graph_shapes`),
`envelopes` and `forms` what each tells us, `courier` signs and delivers that (and tries again, as each provider does), `acting`
is what customers do on their phones, `faults` how all of it may go wrong, on demand.
"""

from comptoir.demo.emulators.emulator import Emulator

__all__ = ["Emulator"]
