"""What Twilio says when it refuses: one body for all, decided by its code."""

from comptoir.demo.emulators.exchange import Answer, json

ERRORS = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    21211: (400, "Invalid 'To' Phone Number"),
    21602: (400, "Message body is required"),
    21603: (400, "A 'From' phone number is required"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21620: (400, "Invalid media URL(s)"),
    21623: (400, "Number of media files exceeds allowed limit"),
    21655: (400, "The ContentSid is Invalid"),
    21656: (400, "The ContentVariables Parameter is invalid"),
    21701: (404, "The Messaging Service does not exist"),
    21910: (400, "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel"),
    63007: (400, "Twilio could not find a Channel with the specified From address"),
    63024: (400, "Invalid message recipient"),
    63030: (400, "Unsupported parameter for type of channels message"),
}


def refused(code: int, details: str = "") -> Answer:
    status, message = ERRORS.get(code, (400, "Bad request"))
    more = f"https://www.twilio.com/docs/errors/{code}"
    return json({"code": code, "message": details or message, "more_info": more, "status": status}, status)
