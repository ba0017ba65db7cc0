"""The texts of profiles, packed: compressed with what all of them have in common, and proof against every flipped bit."""

import hashlib
import zlib
from typing import Final

#: How long the text of one profile may be, in bytes: ten times what a file may hold.
MOST_TEXT: Final = 10 * 2**20
#: The first byte of what is packed: which dictionary it needs.
_FIRST: Final = b"\x01"
_CHECK_BYTES: Final = 8

# What is written with it can only be read with it: never change it. A better one is one more, with a number of its own.
# What is common stands last, where references to it are shortest.
_DICTIONARY: Final = (
    '"expected":false,"prefix":true,"case_sensitive":true,"absent":"unknown","on_invalid"'
    ',"about":"person","priority":"low","priority":"medium","priority":"high"'
    ',"rank":"primary","rank":"secondary","rank":"tertiary"'
    ',"stage":"testing","stage":"active","stage":"retired"'
    ',"min_coverage":0.6,"missing":0.5,"meta":{"tags":["playbook","notes","goals","pains","buying process"'
    ',"examples":[{"account":{"employees":320,"industry":"Software","technologies":["Slack"]},"as_of":"2026-01-01"'
    ',"tier":["Perfect","Strong"],"name":"Perfect","Strong","Moderate","Weak"'
    ',"tiers":[{"name":"Perfect","cut":80,"color":"#","action":""},{"name":"Strong","cut":60'
    ',{"name":"Moderate","cut":40},{"name":"Weak","cut":0}]'
    ',"gates":[{"criterion":{"kind":"not","criterion":{"kind":"one_of","attribute":"country","values":["'
    '"at_least":1,"when_unknown":"disqualify","overridable":false},{"criterion":{"kind":"flag","attribute":"is_'
    '"adjustments":[{"points":-10,"when":{"kind":"flag","attribute":"'
    '{"kind":"all_of","criteria":[{"kind":"any_of","criteria":[{"kind":"not","criterion":{"kind":"'
    '"United States","Canada","Germany","France","United Kingdom","Netherlands"'
    '"Private","Public","Software","IT Services","Financial Services","Healthcare","Manufacturing"'
    '"Series A","Series B","Series C","Seed","Low","Medium","High","Early","Growing","Advanced"'
    '"Nice-to-have","Important","Critical","SOC 2","ISO 27001","GDPR","HIPAA"'
    '"Salesforce","HubSpot","Slack","Google Workspace","Jira","Snowflake","AWS","Azure","GCP"'
    ',"mode":"share","mode":"any","mode":"all","mode":"at_least","k":2,"mode":"satisfies","groups":{"'
    ',"aliases":{"","matches":{"","otherwise":0.2,"scale":"log","linear":90,"window":30,"steps":[[7,1],[30,0.6],[90,0.2]]'
    ',"within":90,"kinds":{"webinar":1,"half_life":30,"target":1'
    ',"bands":[[0,0.2],[50,1],[500,0.5]]'
    '{"kind":"age","attribute":"founded","at_least":2,"at_most":10,"soft_at_least":1,"soft_at_most":15'
    '{"kind":"upcoming","attribute":"contract_renewal"{"kind":"engagement","attribute":"events"'
    '{"kind":"recency","attribute":"last_demo_request","half_life":30},{"kind":"recency","attribute":"last_'
    '{"kind":"ordinal","attribute":"cloud_maturity","order":["Early","Growing","Advanced"],"at_least":"'
    '{"kind":"flag","attribute":"has_{"kind":"bands","attribute":"'
    '{"kind":"overlap","attribute":"compliance","labels":["{"kind":"tech_overlap","attribute":"technologies","labels":{"'
    '{"kind":"one_of","attribute":"industry","values":{"Software":1,"{"kind":"one_of","attribute":"country","values":["'
    ',"name":"Behavioral signals","weight":25,"name":"Business needs","weight":15,"name":"Growth potential","weight":10'
    ',"name":"Technographics","weight":20,"criteria":[{"kind":"'
    '{"format":1,"name":"","dimensions":[{"name":"Firmographics","weight":30,"criteria":['
    '{"kind":"range","attribute":"annual_revenue","low":5000000.0,"high":50000000.0,"soft_low":2000000.0'
    ',"soft_high":100000000.0,"scale":"log"},{"kind":"range","attribute":"headcount_growth","low":0.1,"high":0.5'
    '{"kind":"range","attribute":"employees","low":50,"high":500,"soft_low":25,"soft_high":1000}'
    ',"weight":2},{"kind":"one_of","attribute":"","weight":3},{"kind":"range","attribute":"'
).encode()


def squeezed(text: str) -> bytes:
    """Pack a text, the beginning of the SHA-256 of the packed bytes behind it.

    >>> unsqueezed(squeezed('{"name":"SaaS"}'))
    '{"name":"SaaS"}'
    """
    packing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, zdict=_DICTIONARY)
    packed = _FIRST + packing.compress(text.encode()) + packing.flush()
    return packed + hashlib.sha256(packed).digest()[:_CHECK_BYTES]


def unsqueezed(packed: bytes) -> str:
    """Give the text that was packed.

    Raises:
        ValueError: for what is damaged, for what a later release has packed, and for what would become too long.
    """
    found, check = packed[:-_CHECK_BYTES], packed[-_CHECK_BYTES:]
    # Some bits of compressed data mean nothing, and are under no other hash.
    if hashlib.sha256(found).digest()[:_CHECK_BYTES] != check:
        raise ValueError("its bytes are not those that were written")
    if found[:1] != _FIRST:
        raise ValueError(f"it is packed in a way that this release does not know ({found[:1].hex()})")
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS, zdict=_DICTIONARY)
    try:
        text = unpacking.decompress(found[1:], MOST_TEXT)
    except zlib.error as error:
        raise ValueError(f"it cannot be unpacked: {error}") from None
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError("it is not one whole text" if len(text) < MOST_TEXT else "it is too long")
    return text.decode()
