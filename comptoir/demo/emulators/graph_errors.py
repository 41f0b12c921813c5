"""What Graph says when it refuses: one body for all, decided by its code. The HTTP status is 400 unless said otherwise."""

from comptoir.demo.emulators.exchange import Answer, json

TITLES = {
    1: "An unknown error occurred",
    4: "Application request limit reached",
    10: "Permission Denied",
    33: "Parameter value is not valid",
    100: "Invalid parameter",
    190: "Error validating access token",
    80007: "Rate limit issues",
    130429: "Rate limit hit",
    131000: "Something went wrong",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131021: "Recipient cannot be sender",
    131026: "Message undeliverable",
    131031: "Business Account locked",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131051: "Unsupported message type",
    131052: "Media download error",
    131053: "Media upload error",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132005: "Translated text too long",
    132012: "Parameter format does not match format in the created template",
    132015: "Template is paused",
    132016: "Template is disabled",
    132018: "Template parameters are not valid",
}
STATUS = {190: 401, 10: 403, 4: 403, 80007: 429, 1: 500}
DETAILS = {
    131047: "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    131056: "Too many messages sent from this phone number to the same phone number in a short period of time.",
    130429: "Cloud API message throughput has been reached.",
    131026: "Message Undeliverable.",
}
HELP = "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes"


def refused(code: int, details: str = "", *, subcode: int | None = None) -> Answer:
    title = TITLES.get(code, "Something went wrong")
    error: dict[str, object] = {
        "message": f"(#{code}) {title}",
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": details or DETAILS.get(code, title)},
        "fbtrace_id": "AEmulatedTrace",
    }
    if subcode is not None:
        error["error_subcode"] = subcode
    return json({"error": error}, STATUS.get(code, 400))


def in_status(code: int) -> dict[str, object]:
    """The same, as a failed status tells it."""
    title = TITLES.get(code, "Something went wrong")
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": DETAILS.get(code, title)},
        "href": HELP,
    }
