"""The texts of profiles, packed: compressed with what all have in common, and proof against every flipped bit."""

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
    b'"expected":false,"prefix":true,"case_sensitive":true,"absent":"unknown","on_invalid"'
    b',"about":"person","priority":"low","priority":"medium","priority":"high"'
    b',"rank":"primary","rank":"secondary","rank":"tertiary"'
    b',"stage":"testing","stage":"active","stage":"retired"'
    b',"min_coverage":0.6,"missing":0.5,"meta":{"tags":["playbook","notes","goals","pains","buying process"'
    b',"examples":[{"account":{"employees":320,"industry":"Software","technologies":["Slack"]},"as_of":"2026-01-01"'
    b',"tier":["Perfect","Strong"],"name":"Perfect","Strong","Moderate","Weak"'
    b',"tiers":[{"name":"Perfect","cut":80,"color":"#","action":""},{"name":"Strong","cut":60'
    b',{"name":"Moderate","cut":40},{"name":"Weak","cut":0}]'
    b',"gates":[{"criterion":{"kind":"not","criterion":{"kind":"one_of","attribute":"country","values":["'
    b'"at_least":1,"when_unknown":"disqualify","overridable":false},{"criterion":{"kind":"flag","attribute":"is_'
    b'"adjustments":[{"points":-10,"when":{"kind":"flag","attribute":"'
    b'{"kind":"all_of","criteria":[{"kind":"any_of","criteria":[{"kind":"not","criterion":{"kind":"'
    b'"United States","Canada","Germany","France","United Kingdom","Netherlands"'
    b'"Private","Public","Software","IT Services","Financial Services","Healthcare","Manufacturing"'
    b'"attribute":"funding_stage","attribute":"business_model","attribute":"b2b","attribute":"ownership"'
    b'"attribute":"region","attribute":"it_budget","attribute":"support_tickets","attribute":"customers"'
    b'"attribute":"offices","attribute":"open_positions","attribute":"email_open_rate","attribute":"pages_viewed"'
    b'"attribute":"intent_score","attribute":"web_traffic","attribute":"last_site_visit"'
    b'"attribute":"last_email_reply","attribute":"last_webinar","attribute":"urgency","attribute":"growth_rate"'
    b'"Series A","Series B","Series C","Seed","Low","Medium","High","Early","Growing","Advanced"'
    b'"Nice-to-have","Important","Critical","SOC 2","ISO 27001","GDPR","HIPAA"'
    b'"Salesforce","HubSpot","Slack","Google Workspace","Jira","Snowflake","AWS","Azure","GCP"'
    b',"mode":"share","mode":"any","mode":"all","mode":"at_least","k":2,"mode":"satisfies","groups":{"'
    b',"aliases":{"","matches":{"","otherwise":0.2,"scale":"log","linear":90,"window":30,"steps":[[7,1],[30,0.6],[90,0.2]]'
    b',"within":90,"kinds":{"webinar":1,"half_life":30,"target":1'
    b',"bands":[[0,0.2],[50,1],[500,0.5]]'
    b'{"kind":"age","attribute":"founded","at_least":2,"at_most":10,"soft_at_least":1,"soft_at_most":15'
    b'{"kind":"upcoming","attribute":"contract_renewal"{"kind":"engagement","attribute":"events"'
    b'{"kind":"recency","attribute":"last_demo_request","half_life":30},{"kind":"recency","attribute":"last_'
    b'{"kind":"ordinal","attribute":"cloud_maturity","order":["Early","Growing","Advanced"],"at_least":"'
    b'{"kind":"flag","attribute":"has_{"kind":"bands","attribute":"'
    b'{"kind":"overlap","attribute":"compliance","labels":["{"kind":"tech_overlap","attribute":"technologies","labels":{"'
    b'{"kind":"one_of","attribute":"industry","values":{"Software":1,"{"kind":"one_of","attribute":"country","values":["'
    b',"name":"Behavioral signals","weight":25,"name":"Business needs","weight":15,"name":"Growth potential"'
    b',"name":"Technographics","weight":20,"criteria":[{"kind":"'
    b'{"format":1,"name":"","dimensions":[{"name":"Firmographics","weight":30,"criteria":['
    b'{"kind":"range","attribute":"annual_revenue","low":5000000.0,"high":50000000.0,"soft_low":2000000.0'
    b',"soft_high":100000000.0,"scale":"log"},{"kind":"range","attribute":"headcount_growth","low":0.1,"high":0.5'
    b'{"kind":"range","attribute":"employees","low":50,"high":500,"soft_low":25,"soft_high":1000}'
    b',"weight":2},{"kind":"one_of","attribute":"","weight":3},{"kind":"range","attribute":"'
)


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
