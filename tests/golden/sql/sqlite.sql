-- How well each account of crm.accounts fits Mid-market: scoring_id 718c6b9e305ab568
-- as of 2026-11-21. icpkit x.y.z, semantics 1, for SQLite (tests run such statements on it).
-- Needs SQLite 3.35 or newer, with its mathematical functions where matches decay or a scale is logarithmic. Texts must
-- stand folded as icpkit.fold does. What is null or of the wrong kind is unknown; the latter is counted.
WITH facts AS MATERIALIZED (  -- what is known of each account
  SELECT a."id" AS "key",
    CASE WHEN (TYPEOF(a."employees") = 'integer' AND a."employees" BETWEEN -9007199254740992 AND 9007199254740992)
      OR (TYPEOF(a."employees") = 'real' AND ABS(a."employees") <= 1.7976931348623157e+308)
      THEN CAST(a."employees" AS REAL) END AS "employees",
    CASE WHEN (TYPEOF(a."revenue") = 'integer' AND a."revenue" BETWEEN -9007199254740992 AND 9007199254740992)
      OR (TYPEOF(a."revenue") = 'real' AND ABS(a."revenue") <= 1.7976931348623157e+308)
      THEN CAST(a."revenue" AS REAL) END AS "revenue",
    CASE WHEN TYPEOF(a."industry") = 'text' THEN NULLIF(a."industry", '') END AS "industry",
    CASE WHEN TYPEOF(a."naics") = 'text' THEN NULLIF(a."naics", '') END AS "naics",
    CASE WHEN TYPEOF(a."founded") = 'text'
      AND CASE WHEN DATE(SUBSTR(a."founded", 1, 10), '+0 days') = SUBSTR(a."founded", 1, 10)
      THEN CAST(STRFTIME('%s', SUBSTR(a."founded", 1, 19) || LTRIM(SUBSTR(a."founded", 20),
      '.0123456789')) AS INTEGER) * 1000000 + CAST(CAST('0' || SUBSTR(a."founded", 20, 7) AS REAL) * 1000000
      + 0.5 AS INTEGER) END <= 1795305599999999
      THEN MAX(1795219200000000 - CASE WHEN DATE(SUBSTR(a."founded", 1, 10), '+0 days') = SUBSTR(a."founded", 1, 10)
      THEN CAST(STRFTIME('%s', SUBSTR(a."founded", 1, 19) || LTRIM(SUBSTR(a."founded", 20),
      '.0123456789')) AS INTEGER) * 1000000 + CAST(CAST('0' || SUBSTR(a."founded", 20, 7) AS REAL) * 1000000
      + 0.5 AS INTEGER) END, 0) / 31556952000000e0 WHEN NOT TYPEOF(a."founded") = 'text'
      AND a."founded" BETWEEN 1 AND 2026 THEN CAST(2026 - a."founded" AS REAL) END AS "founded",  -- years since
    -- a list
    CASE WHEN CASE WHEN JSON_VALID(a."tech") THEN JSON_TYPE(a."tech") END = 'array' THEN a."tech" END AS "tech",
    CASE WHEN TYPEOF(a."cloud") = 'text' THEN NULLIF(a."cloud", '') END AS "cloud",
    CASE WHEN (TYPEOF(a."seats") = 'integer' AND a."seats" BETWEEN -9007199254740992 AND 9007199254740992)
      OR (TYPEOF(a."seats") = 'real' AND ABS(a."seats") <= 1.7976931348623157e+308)
      THEN CAST(a."seats" AS REAL) END AS "seats",
    CASE WHEN CASE WHEN DATE(SUBSTR(a."last_demo", 1, 10), '+0 days') = SUBSTR(a."last_demo", 1, 10)
      THEN CAST(STRFTIME('%s', SUBSTR(a."last_demo", 1, 19) || LTRIM(SUBSTR(a."last_demo", 20),
      '.0123456789')) AS INTEGER) * 1000000 + CAST(CAST('0' || SUBSTR(a."last_demo", 20, 7) AS REAL) * 1000000
      + 0.5 AS INTEGER) END <= 1795305599999999
      THEN MAX(1795219200000000 - CASE WHEN DATE(SUBSTR(a."last_demo", 1, 10), '+0 days') = SUBSTR(a."last_demo", 1,
      10) THEN CAST(STRFTIME('%s', SUBSTR(a."last_demo", 1, 19) || LTRIM(SUBSTR(a."last_demo", 20),
      '.0123456789')) AS INTEGER) * 1000000 + CAST(CAST('0' || SUBSTR(a."last_demo", 20, 7) AS REAL) * 1000000
      + 0.5 AS INTEGER) END, 0) / 86400e6 END AS "last_demo",  -- age in days
    CASE WHEN CASE WHEN DATE(SUBSTR(a."last_demo", 1, 10), '+0 days') = SUBSTR(a."last_demo", 1, 10)
      THEN CAST(STRFTIME('%s', SUBSTR(a."last_demo", 1, 19) || LTRIM(SUBSTR(a."last_demo", 20),
      '.0123456789')) AS INTEGER) * 1000000 + CAST(CAST('0' || SUBSTR(a."last_demo", 20, 7) AS REAL) * 1000000
      + 0.5 AS INTEGER) END IS NOT NULL THEN 0 WHEN a."last_demo" IS NULL OR TRIM(a."last_demo") = '' THEN 0
      ELSE 1 END AS "last_demo_invalid",
    CASE WHEN CASE WHEN DATE(SUBSTR(a."last_visit", 1, 10), '+0 days') = SUBSTR(a."last_visit", 1, 10)
      THEN CAST(STRFTIME('%s', SUBSTR(a."last_visit", 1, 19) || LTRIM(SUBSTR(a."last_visit", 20),
      '.0123456789')) AS INTEGER) * 1000000 + CAST(CAST('0' || SUBSTR(a."last_visit", 20, 7) AS REAL) * 1000000
      + 0.5 AS INTEGER) END <= 1795305599999999
      THEN MAX(1795219200000000 - CASE WHEN DATE(SUBSTR(a."last_visit", 1, 10), '+0 days') = SUBSTR(a."last_visit", 1,
      10) THEN CAST(STRFTIME('%s', SUBSTR(a."last_visit", 1, 19) || LTRIM(SUBSTR(a."last_visit", 20),
      '.0123456789')) AS INTEGER) * 1000000 + CAST(CAST('0' || SUBSTR(a."last_visit", 20, 7) AS REAL) * 1000000
      + 0.5 AS INTEGER) END, 0) / 86400e6 END AS "last_visit",  -- age in days
    CASE WHEN CASE WHEN DATE(SUBSTR(a."last_visit", 1, 10), '+0 days') = SUBSTR(a."last_visit", 1, 10)
      THEN CAST(STRFTIME('%s', SUBSTR(a."last_visit", 1, 19) || LTRIM(SUBSTR(a."last_visit", 20),
      '.0123456789')) AS INTEGER) * 1000000 + CAST(CAST('0' || SUBSTR(a."last_visit", 20, 7) AS REAL) * 1000000
      + 0.5 AS INTEGER) END IS NOT NULL THEN 0 WHEN a."last_visit" IS NULL OR TRIM(a."last_visit") = '' THEN 0
      ELSE 1 END AS "last_visit_invalid",
    (CASE WHEN DATE(SUBSTR(a."renewal", 1, 10), '+0 days') = SUBSTR(a."renewal", 1, 10)  -- whole days ahead
      THEN CAST(STRFTIME('%s', SUBSTR(a."renewal", 1, 19) || LTRIM(SUBSTR(a."renewal", 20),
      '.0123456789')) AS INTEGER) * 1000000 + CAST(CAST('0' || SUBSTR(a."renewal", 20, 7) AS REAL) * 1000000
      + 0.5 AS INTEGER) END - ((CASE WHEN DATE(SUBSTR(a."renewal", 1, 10), '+0 days') = SUBSTR(a."renewal", 1, 10)
      THEN CAST(STRFTIME('%s', SUBSTR(a."renewal", 1, 19) || LTRIM(SUBSTR(a."renewal", 20),
      '.0123456789')) AS INTEGER) * 1000000 + CAST(CAST('0' || SUBSTR(a."renewal", 20, 7) AS REAL) * 1000000
      + 0.5 AS INTEGER) END + 62135596800000000) % 86400000000) - 1795219200000000) / 86400e6 AS "renewal",
    CASE WHEN a."outbound" = 1 THEN 1 WHEN a."outbound" = 0 THEN 0 END AS "outbound",
    CASE WHEN a."sales_team" = 1 THEN 1 WHEN a."sales_team" = 0 THEN 0 END AS "sales_team",
    CASE WHEN a."competitor" = 1 THEN 1 WHEN a."competitor" = 0 THEN 0 END AS "competitor",
    CASE WHEN (TYPEOF(a."employees") = 'integer' AND a."employees" BETWEEN -9007199254740992 AND 9007199254740992)
      OR (TYPEOF(a."employees") = 'real' AND ABS(a."employees") <= 1.7976931348623157e+308) THEN 0
      WHEN a."employees" IS NULL OR TRIM(a."employees") = '' THEN 0 ELSE 1 END
      + CASE WHEN (TYPEOF(a."revenue") = 'integer' AND a."revenue" BETWEEN -9007199254740992 AND 9007199254740992)
      OR (TYPEOF(a."revenue") = 'real' AND ABS(a."revenue") <= 1.7976931348623157e+308) THEN 0 WHEN a."revenue" IS NULL
      OR TRIM(a."revenue") = '' THEN 0 ELSE 1 END
      + CASE WHEN TYPEOF(a."industry") = 'text' THEN 0 WHEN a."industry" IS NULL THEN 0 ELSE 1 END
      + CASE WHEN TYPEOF(a."naics") = 'text' THEN 0 WHEN a."naics" IS NULL THEN 0 ELSE 1 END
      + CASE WHEN (TYPEOF(a."founded") = 'text'
      AND CASE WHEN DATE(SUBSTR(a."founded", 1, 10), '+0 days') = SUBSTR(a."founded", 1, 10)
      THEN CAST(STRFTIME('%s', SUBSTR(a."founded", 1, 19) || LTRIM(SUBSTR(a."founded", 20),
      '.0123456789')) AS INTEGER) * 1000000 + CAST(CAST('0' || SUBSTR(a."founded", 20, 7) AS REAL) * 1000000
      + 0.5 AS INTEGER) END IS NOT NULL) OR (NOT TYPEOF(a."founded") = 'text' AND a."founded" BETWEEN 1 AND 9999)
      THEN 0 WHEN a."founded" IS NULL OR TRIM(a."founded") = '' THEN 0 ELSE 1 END
      + CASE WHEN CASE WHEN JSON_VALID(a."tech") THEN JSON_TYPE(a."tech") END = 'array' THEN 0 WHEN a."tech" IS NULL
      OR TRIM(a."tech") IN ('', 'null') THEN 0 ELSE 1 END
      + CASE WHEN TYPEOF(a."cloud") = 'text' THEN 0 WHEN a."cloud" IS NULL THEN 0 ELSE 1 END
      + CASE WHEN (TYPEOF(a."seats") = 'integer' AND a."seats" BETWEEN -9007199254740992 AND 9007199254740992)
      OR (TYPEOF(a."seats") = 'real' AND ABS(a."seats") <= 1.7976931348623157e+308) THEN 0 WHEN a."seats" IS NULL
      OR TRIM(a."seats") = '' THEN 0 ELSE 1 END
      + CASE WHEN CASE WHEN DATE(SUBSTR(a."renewal", 1, 10), '+0 days') = SUBSTR(a."renewal", 1, 10)
      THEN CAST(STRFTIME('%s', SUBSTR(a."renewal", 1, 19) || LTRIM(SUBSTR(a."renewal", 20),
      '.0123456789')) AS INTEGER) * 1000000 + CAST(CAST('0' || SUBSTR(a."renewal", 20, 7) AS REAL) * 1000000
      + 0.5 AS INTEGER) END IS NOT NULL THEN 0 WHEN a."renewal" IS NULL OR TRIM(a."renewal") = '' THEN 0 ELSE 1 END
      + CASE WHEN TYPEOF(a."outbound") <> 'text' AND a."outbound" IN (1, 0) THEN 0 WHEN a."outbound" IS NULL
      OR TRIM(a."outbound") = '' THEN 0 ELSE 1 END
      + CASE WHEN TYPEOF(a."sales_team") <> 'text' AND a."sales_team" IN (1, 0) THEN 0 WHEN a."sales_team" IS NULL
      OR TRIM(a."sales_team") = '' THEN 0 ELSE 1 END
      + CASE WHEN TYPEOF(a."competitor") <> 'text' AND a."competitor" IN (1, 0) THEN 0 WHEN a."competitor" IS NULL
      OR TRIM(a."competitor") = '' THEN 0 ELSE 1 END AS "invalid"
  FROM "crm"."accounts" AS a
),
matches AS MATERIALIZED (  -- how well each answer fits, 0 to 1; null where it is unknown
  SELECT f."key",
    f."invalid" + f."last_demo_invalid" + f."last_visit_invalid" AS "invalid",
    f."cloud" AS "cloud_level",
    CASE WHEN f."employees" BETWEEN 50 AND 500 THEN 1
      WHEN f."employees" BETWEEN 25 AND 50 THEN MAX(1 - 0.04 * (50 - f."employees"), 0)
      WHEN f."employees" BETWEEN 500 AND 1000 THEN MAX(1 - 0.002 * (f."employees" - 500), 0)
      WHEN f."employees" IS NOT NULL THEN 0 END AS "employees",  -- company/employees: 50 to 500 (0 at 25 and 1,000)
    CAST(CASE WHEN f."revenue" BETWEEN 5000000 AND 50000000 THEN 1  -- company/revenue: 5M to 50M (0 at 2M and 100M), l…
      WHEN f."revenue" BETWEEN 2000000 AND 5000000
      THEN 1 - (4915033483050687.0 / 4503599627370496) * ((8683474022936903.0 / 562949953421312) - LN(f."revenue"))
      WHEN f."revenue" BETWEEN 50000000 AND 100000000
      THEN 1 - (6497320848556781.0 / 4503599627370496) * (LN(f."revenue") - (2494928548446627.0 / 140737488355328))
      WHEN f."revenue" IS NOT NULL THEN 0 END * 1073741824 + 0.5 AS INTEGER) / 1073741824e0 AS "revenue",
    CAST(CASE WHEN f."industry" = 'software' THEN 1 WHEN f."industry" = 'it services' THEN 0.6  -- company/industry
      WHEN f."industry" = 'finance' THEN 0.5 WHEN f."industry" IS NOT NULL THEN 0 END AS REAL) AS "industry",
    CAST(CASE WHEN SUBSTR(f."naics", 1, 4) = '5112' THEN 1 WHEN SUBSTR(f."naics", 1, 2) = '51' THEN 0.6
      WHEN f."naics" IS NOT NULL THEN 0 END AS REAL) AS "naics",  -- company/naics: beginning with 5112, 51 (0.6)
    CASE WHEN f."founded" >= 3 THEN 1 WHEN f."founded" BETWEEN 1 AND 3 THEN MAX(1 - 0.5 * (3 - f."founded"), 0)
      WHEN f."founded" IS NOT NULL THEN 0 END AS "founded",  -- company/founded: at least 3 (0 at 1) years old
    CASE WHEN f."tech" IS NOT NULL THEN (CAST(CASE WHEN EXISTS(SELECT 1 FROM JSON_EACH(f."tech") AS i WHERE i."value"
      = 'crm') OR EXISTS(SELECT 1 FROM JSON_EACH(f."tech") AS i WHERE i."value" = 'salesforce')
      OR EXISTS(SELECT 1 FROM JSON_EACH(f."tech") AS i WHERE i."value" = 'hubspot') THEN 2 ELSE 0 END AS REAL)
      + CASE WHEN EXISTS(SELECT 1 FROM JSON_EACH(f."tech") AS i WHERE i."value" = 'slack') THEN 1 ELSE 0 END
      + CASE WHEN EXISTS(SELECT 1 FROM JSON_EACH(f."tech") AS i WHERE i."value" = 'jira') THEN 1
      ELSE 0 END) / 4 END AS "tech",  -- product/tech: share of CRM (any of Salesforce, HubSpot) ×2, Slack, Jira
    -- product/cloud: at least Growing (Early < Growing < Advanced)
    CAST(CASE WHEN f."cloud" = 'early' THEN 0 WHEN f."cloud" IN ('growing', 'advanced') THEN 1 END AS REAL) AS "cloud",
    CAST(CASE WHEN f."seats" < 10 THEN 0 WHEN f."seats" < 50 THEN 0.2 WHEN f."seats" < 500 THEN 1
      WHEN f."seats" >= 500 THEN 0.35 END AS REAL) AS "seats",  -- product/seats: by bands: from 10: 0.2, from 50: 1, f…
    CASE WHEN f."last_demo" < 960 THEN CAST(POWER(2, -f."last_demo" / 30) * 1073741824 + 0.5 AS INTEGER) / 1073741824e0
      WHEN f."last_demo" >= 960 THEN 0 WHEN f."last_demo_invalid" = 0 THEN 0 END AS "last_demo",  -- signals/last_demo
    CASE WHEN f."last_demo" IS NOT NULL THEN 1 ELSE 0 END AS "last_demo_seen",
    CAST(CASE WHEN f."last_visit" <= 14 THEN 1 WHEN f."last_visit" > 14 THEN 0
      WHEN f."last_visit_invalid" = 0 THEN 0 END AS REAL) AS "last_visit",  -- signals/last_visit: within 14 days
    CASE WHEN f."last_visit" IS NOT NULL THEN 1 ELSE 0 END AS "last_visit_seen",
    CASE WHEN f."renewal" = 0 THEN 1 WHEN f."renewal" BETWEEN 0 AND 120
      THEN MAX(1 - (4803839602528529.0 / 576460752303423488) * f."renewal", 0)
      WHEN f."renewal" IS NOT NULL THEN 0 END AS "renewal",  -- signals/renewal: soon, within 120 days
    CAST(f."outbound" AS REAL) AS "outbound",  -- signals/outbound: yes
    CAST(f."sales_team" AS REAL) AS "sales_team",  -- of sales_team
    CAST(1 - f."competitor" AS REAL) AS "competitor"  -- of competitor
  FROM facts AS f
),
terms AS MATERIALIZED (  -- weight × match; + 6 - 6 rounds to 2^-50, so that sums are exact in any order
  SELECT m."key",
    m."invalid" + CASE WHEN m."cloud_level" IS NOT NULL AND m."cloud" IS NULL THEN 1 ELSE 0 END AS "invalid",
    (73300775185.0 / 1099511627776) * m."employees" + 6 - 6 AS "employees",  -- 6.7 % of the weight
    (73300775185.0 / 1099511627776) * m."revenue" + 6 - 6 AS "revenue",  -- 6.7 % of the weight
    (73300775185.0 / 549755813888) * m."industry" + 6 - 6 AS "industry",  -- 13.3 % of the weight
    (73300775185.0 / 1099511627776) * m."naics" + 6 - 6 AS "naics",  -- 6.7 % of the weight
    (73300775185.0 / 1099511627776) * m."founded" + 6 - 6 AS "founded",  -- 6.7 % of the weight
    (91625968981.0 / 1099511627776) * m."tech" + 6 - 6 AS "tech",  -- 8.3 % of the weight
    (91625968981.0 / 1099511627776) * m."cloud" + 6 - 6 AS "cloud",  -- 8.3 % of the weight
    (91625968981.0 / 1099511627776) * m."seats" + 6 - 6 AS "seats",  -- 8.3 % of the weight
    (875000000005457.0 / 10000000000000000) * m."last_demo" + 6 - 6 AS "last_demo",  -- 8.8 % of the weight
    (875000000005457.0 / 10000000000000000) * m."last_visit" + 6 - 6 AS "last_visit",  -- 8.8 % of the weight
    (874999999996362.0 / 10000000000000000) * m."renewal" + 6 - 6 AS "renewal",  -- 8.7 % of the weight
    (875000000005457.0 / 10000000000000000) * m."outbound" + 6 - 6 AS "outbound",  -- 8.8 % of the weight
    m."last_demo_seen", m."last_visit_seen",
    CASE WHEN (CAST(MIN(COALESCE(m."sales_team", 1), COALESCE(m."competitor", 1)) * 1e9 + 0.5 AS INTEGER) / 1e9) < 1
      THEN 1 ELSE 0 END AS "failed"  -- gates: can buy below 1
  FROM matches AS m
),
totals AS MATERIALIZED (  -- numerator: what counts; unknown: weight that does not; unseen: of what never happened
  SELECT t."key", t."invalid", t."failed",
    COALESCE(t."employees", 0) + COALESCE(t."revenue", 0) + COALESCE(t."industry", 0) + COALESCE(t."naics", 0)
      + COALESCE(t."founded", 0) + COALESCE(t."tech", 0) + COALESCE(t."cloud", 0) + COALESCE(t."seats", 0)
      + COALESCE(t."last_demo", 0) + COALESCE(t."last_visit", 0) + COALESCE(t."renewal", 0)
      + COALESCE(t."outbound", 0) AS "numerator",
    COALESCE(t."employees" * 0, (73300775185.0 / 1099511627776))
      + COALESCE(t."revenue" * 0, (73300775185.0 / 1099511627776))
      + COALESCE(t."industry" * 0, (73300775185.0 / 549755813888))
      + COALESCE(t."naics" * 0, (73300775185.0 / 1099511627776))
      + COALESCE(t."founded" * 0, (73300775185.0 / 1099511627776))
      + COALESCE(t."tech" * 0, (91625968981.0 / 1099511627776))
      + COALESCE(t."cloud" * 0, (91625968981.0 / 1099511627776))
      + COALESCE(t."seats" * 0, (91625968981.0 / 1099511627776))
      + COALESCE(t."last_demo" * 0, (875000000005457.0 / 10000000000000000))
      + COALESCE(t."last_visit" * 0, (875000000005457.0 / 10000000000000000))
      + COALESCE(t."renewal" * 0, (874999999996362.0 / 10000000000000000))
      + COALESCE(t."outbound" * 0, (875000000005457.0 / 10000000000000000)) AS "unknown",
    CAST(CASE WHEN t."last_demo" IS NOT NULL AND t."last_demo_seen" = 0 THEN (875000000005457.0 / 10000000000000000)
      ELSE 0 END AS REAL) + CAST(CASE WHEN t."last_visit" IS NOT NULL
      AND t."last_visit_seen" = 0 THEN (875000000005457.0 / 10000000000000000) ELSE 0 END AS REAL) AS "unseen"
  FROM terms AS t
),
scores AS MATERIALIZED (
  SELECT t."key", t."invalid", t."failed",
    CASE WHEN (CAST((1 - t."unknown" - t."unseen") * 1e9 + 0.5 AS INTEGER) / 1e9) >= 0.5
      THEN CAST(MIN(100 * t."numerator" / (1 - t."unknown"), 100 * (t."numerator" + t."unknown")) * 1e6
      + 0.5 AS INTEGER) / 1e6 END AS "fit",  -- null where less than 0.5 of the weight is known
    CAST((1 - t."unknown" - t."unseen") * 1e9 + 0.5 AS INTEGER) / 1e9 AS "coverage",
    CAST(100 * t."numerator" * 1e6 + 0.5 AS INTEGER) / 1e6 AS "low",
    CAST(100 * (t."numerator" + t."unknown") * 1e6 + 0.5 AS INTEGER) / 1e6 AS "high"
  FROM totals AS t
)
SELECT s."key", s."fit",
  CASE WHEN s."failed" = 1 THEN NULL WHEN s."fit" >= 80 THEN 'Perfect' WHEN s."fit" >= 60 THEN 'Strong'
    WHEN s."fit" >= 40 THEN 'Moderate' WHEN s."fit" >= 0 THEN 'Weak' END AS "tier",
  CASE WHEN s."failed" = 1 THEN 'disqualified' WHEN s."fit" IS NULL THEN 'insufficient data'
    ELSE 'scored' END AS "status",
  s."coverage", s."low", s."high", s."invalid"
FROM scores AS s
