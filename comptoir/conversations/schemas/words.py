"""The few words that several of the structs choose from."""

from typing import Literal

Status = Literal["open", "pending", "snoozed", "resolved", "spam"]
Priority = Literal["none", "low", "normal", "high", "urgent"]
Mode = Literal["reply", "note"]
Tab = Literal["mine", "unassigned", "all"]
MessageKind = Literal["incoming", "reply", "note", "analysis"]
Protection = Literal["signed_smime", "signed_pgp", "encrypted_smime", "encrypted_pgp"]
Delivery = Literal["queued", "sending", "sent", "delivered", "read", "failed"]
