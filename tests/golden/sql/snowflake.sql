-- How well each account of crm.accounts fits Mid-market: scoring_id 718c6b9e305ab568
-- as of 2026-11-21. icpkit x.y.z, semantics 1, for Snowflake (generated, not executed: run icpkit.sql_selftest first).
-- Needs names as Snowflake keeps them: in upper case, where they were made without quotes. Texts must stand folded as
-- icpkit.fold does. What is null or of the wrong kind is unknown; the latter is counted.
WITH facts AS (  -- what is known of each account
  SELECT a."id" AS "key",
    CAST(a."employees" AS DOUBLE) AS "employees",
    CASE WHEN ABS(a."revenue") < CAST('inf' AS DOUBLE) THEN CAST(a."revenue" AS DOUBLE) END AS "revenue",
    NULLIF(a."industry", '') AS "industry",
    NULLIF(a."naics", '') AS "naics",
    CASE WHEN a."founded" BETWEEN 1 AND 2026 THEN CAST(2026 - a."founded" AS DOUBLE) END AS "founded",  -- years since
    a."tech",  -- a list
    NULLIF(a."cloud", '') AS "cloud",
    CAST(a."seats" AS DOUBLE) AS "seats",
    CASE WHEN DATE_PART('EPOCH_MICROSECOND', a."last_demo") <= 1795305599999999
      THEN CAST(GREATEST(1795219200000000 - DATE_PART('EPOCH_MICROSECOND', a."last_demo"),
      0) AS DOUBLE) / 86400e6 END AS "last_demo",  -- age in days
    CASE WHEN DATE_PART('EPOCH_MICROSECOND', a."last_visit") <= 1795305599999999
      THEN CAST(GREATEST(1795219200000000 - DATE_PART('EPOCH_MICROSECOND', a."last_visit"),
      0) AS DOUBLE) / 86400e6 END AS "last_visit",  -- age in days
    CAST(DATE_PART('EPOCH_MICROSECOND', a."renewal") - ((DATE_PART('EPOCH_MICROSECOND', a."renewal")
      + 62135596800000000) % 86400000000) - 1795219200000000 AS DOUBLE) / 86400e6 AS "renewal",  -- whole days ahead
    CASE WHEN a."outbound" = TRUE THEN 1 WHEN a."outbound" = FALSE THEN 0 END AS "outbound",
    CASE WHEN a."sales_team" = TRUE THEN 1 WHEN a."sales_team" = FALSE THEN 0 END AS "sales_team",
    CASE WHEN a."competitor" = TRUE THEN 1 WHEN a."competitor" = FALSE THEN 0 END AS "competitor",
    CASE WHEN ABS(a."revenue") = CAST('inf' AS DOUBLE) THEN 1 ELSE 0 END
      + CASE WHEN NOT a."founded" BETWEEN 1 AND 9999 THEN 1 ELSE 0 END AS "invalid"
  FROM "crm"."accounts" AS a
),
matches AS (  -- how well each answer fits, 0 to 1; null where it is unknown
  SELECT f."key", f."invalid", f."cloud" AS "cloud_level",
    CASE WHEN f."employees" BETWEEN 50 AND 500 THEN 1
      WHEN f."employees" BETWEEN 25 AND 50 THEN GREATEST(1 - 0.04 * (50 - f."employees"), 0)
      WHEN f."employees" BETWEEN 500 AND 1000 THEN GREATEST(1 - 0.002 * (f."employees" - 500), 0)
      WHEN f."employees" IS NOT NULL THEN 0 END AS "employees",  -- company/employees: 50 to 500 (0 at 25 and 1,000)
    FLOOR(CASE WHEN f."revenue" BETWEEN 5000000 AND 50000000 THEN 1
      WHEN f."revenue" BETWEEN 2000000 AND 5000000
      THEN 1 - 1.0913566679372904e0 * (15.424948470398375e0 - LN(f."revenue"))
      WHEN f."revenue" BETWEEN 50000000 AND 100000000
      THEN 1 - 1.4426950408889596e0 * (LN(f."revenue") - 17.72753356339242e0)
      WHEN f."revenue" IS NOT NULL THEN 0 END * 1073741824 + 0.5) / 1073741824e0 AS "revenue",  -- company/revenue
    CAST(CASE WHEN f."industry" = 'software' THEN 1 WHEN f."industry" = 'it services' THEN 0.6  -- company/industry
      WHEN f."industry" = 'finance' THEN 0.5 WHEN f."industry" IS NOT NULL THEN 0 END AS DOUBLE) AS "industry",
    CAST(CASE WHEN SUBSTR(f."naics", 1, 4) = '5112' THEN 1 WHEN SUBSTR(f."naics", 1, 2) = '51' THEN 0.6
      WHEN f."naics" IS NOT NULL THEN 0 END AS DOUBLE) AS "naics",  -- company/naics: beginning with 5112, 51 (0.6)
    CASE WHEN f."founded" >= 3 THEN 1 WHEN f."founded" BETWEEN 1 AND 3 THEN GREATEST(1 - 0.5 * (3 - f."founded"), 0)
      WHEN f."founded" IS NOT NULL THEN 0 END AS "founded",  -- company/founded: at least 3 (0 at 1) years old
    CASE WHEN f."tech" IS NOT NULL THEN (CAST(CASE WHEN ARRAY_CONTAINS(CAST('crm' AS VARIANT), f."tech")
      OR ARRAY_CONTAINS(CAST('salesforce' AS VARIANT), f."tech")  -- product/tech: share of CRM (any of Salesforce, Hub…
      OR ARRAY_CONTAINS(CAST('hubspot' AS VARIANT), f."tech") THEN 2 ELSE 0 END AS DOUBLE)
      + CASE WHEN ARRAY_CONTAINS(CAST('slack' AS VARIANT), f."tech") THEN 1 ELSE 0 END
      + CASE WHEN ARRAY_CONTAINS(CAST('jira' AS VARIANT), f."tech") THEN 1 ELSE 0 END) / 4 END AS "tech",
    CAST(CASE WHEN f."cloud" = 'early' THEN 0
      WHEN f."cloud" IN ('growing', 'advanced') THEN 1 END AS DOUBLE) AS "cloud",  -- product/cloud: at least Growing…
    CAST(CASE WHEN f."seats" < 10 THEN 0 WHEN f."seats" < 50 THEN 0.2 WHEN f."seats" < 500 THEN 1
      WHEN f."seats" >= 500 THEN 0.35 END AS DOUBLE) AS "seats",  -- product/seats: by bands: from 10: 0.2, from 50: 1…
    CASE WHEN f."last_demo" < 960 THEN FLOOR(POWER(2, -f."last_demo" / 30) * 1073741824 + 0.5) / 1073741824e0
      WHEN f."last_demo" >= 960 THEN 0 END AS "last_demo",  -- signals/last_demo: recent, halving every 30 days
    -- signals/last_visit: within 14 days
    CAST(CASE WHEN f."last_visit" <= 14 THEN 1 WHEN f."last_visit" > 14 THEN 0 END AS DOUBLE) AS "last_visit",
    CASE WHEN f."renewal" = 0 THEN 1 WHEN f."renewal" BETWEEN 0 AND 120  -- signals/renewal: soon, within 120 days
      THEN GREATEST(1 - 0.008333333333333333e0 * f."renewal", 0) WHEN f."renewal" IS NOT NULL THEN 0 END AS "renewal",
    CAST(f."outbound" AS DOUBLE) AS "outbound",  -- signals/outbound: yes
    CAST(f."sales_team" AS DOUBLE) AS "sales_team",  -- of sales_team
    CAST(1 - f."competitor" AS DOUBLE) AS "competitor"  -- of competitor
  FROM facts AS f
),
terms AS (  -- weight × match; + 6 - 6 rounds to 2^-50, so that sums are exact in any order
  SELECT m."key",
    m."invalid" + CASE WHEN m."cloud_level" IS NOT NULL AND m."cloud" IS NULL THEN 1 ELSE 0 END AS "invalid",
    0.06666666666660603e0 * m."employees" + 6 - 6 AS "employees",  -- 6.7 % of the weight
    0.06666666666660603e0 * m."revenue" + 6 - 6 AS "revenue",  -- 6.7 % of the weight
    0.13333333333321207e0 * m."industry" + 6 - 6 AS "industry",  -- 13.3 % of the weight
    0.06666666666660603e0 * m."naics" + 6 - 6 AS "naics",  -- 6.7 % of the weight
    0.06666666666660603e0 * m."founded" + 6 - 6 AS "founded",  -- 6.7 % of the weight
    0.08333333333303017e0 * m."tech" + 6 - 6 AS "tech",  -- 8.3 % of the weight
    0.08333333333303017e0 * m."cloud" + 6 - 6 AS "cloud",  -- 8.3 % of the weight
    0.08333333333303017e0 * m."seats" + 6 - 6 AS "seats",  -- 8.3 % of the weight
    0.0875000000005457 * m."last_demo" + 6 - 6 AS "last_demo",  -- 8.8 % of the weight
    0.0875000000005457 * m."last_visit" + 6 - 6 AS "last_visit",  -- 8.8 % of the weight
    0.0874999999996362 * m."renewal" + 6 - 6 AS "renewal",  -- 8.7 % of the weight
    0.0875000000005457 * m."outbound" + 6 - 6 AS "outbound",  -- 8.8 % of the weight
    CASE WHEN (FLOOR(LEAST(COALESCE(m."sales_team", 1), COALESCE(m."competitor", 1)) * 1e9 + 0.5) / 1e9) < 1 THEN 1
      ELSE 0 END AS "failed"  -- gates: can buy below 1
  FROM matches AS m
),
totals AS (  -- numerator: what counts; unknown: weight that does not; unseen: of what never happened
  SELECT t."key", t."invalid", t."failed",
    COALESCE(t."employees", 0) + COALESCE(t."revenue", 0) + COALESCE(t."industry", 0) + COALESCE(t."naics", 0)
      + COALESCE(t."founded", 0) + COALESCE(t."tech", 0) + COALESCE(t."cloud", 0) + COALESCE(t."seats", 0)
      + COALESCE(t."last_demo", 0) + COALESCE(t."last_visit", 0) + COALESCE(t."renewal", 0)
      + COALESCE(t."outbound", 0) AS "numerator",
    COALESCE(t."employees" * 0, 0.06666666666660603e0) + COALESCE(t."revenue" * 0, 0.06666666666660603e0)
      + COALESCE(t."industry" * 0, 0.13333333333321207e0) + COALESCE(t."naics" * 0, 0.06666666666660603e0)
      + COALESCE(t."founded" * 0, 0.06666666666660603e0) + COALESCE(t."tech" * 0, 0.08333333333303017e0)
      + COALESCE(t."cloud" * 0, 0.08333333333303017e0) + COALESCE(t."seats" * 0, 0.08333333333303017e0)
      + COALESCE(t."renewal" * 0, 0.0874999999996362) + COALESCE(t."outbound" * 0, 0.0875000000005457) AS "unknown",
    COALESCE(t."last_demo" * 0, 0.0875000000005457) + COALESCE(t."last_visit" * 0, 0.0875000000005457) AS "unseen"
  FROM terms AS t
),
scores AS (
  SELECT t."key", t."invalid", t."failed",
    CASE WHEN (FLOOR((1 - t."unknown" - t."unseen") * 1e9 + 0.5) / 1e9) >= 0.5
      THEN FLOOR(LEAST(100 * t."numerator" / (1 - t."unknown"), 100 * (t."numerator" + t."unknown")) * 1e6
      + 0.5) / 1e6 END AS "fit",  -- null where less than 0.5 of the weight is known
    FLOOR((1 - t."unknown" - t."unseen") * 1e9 + 0.5) / 1e9 AS "coverage",
    FLOOR(100 * t."numerator" * 1e6 + 0.5) / 1e6 AS "low",
    FLOOR(100 * (t."numerator" + t."unknown") * 1e6 + 0.5) / 1e6 AS "high"
  FROM totals AS t
)
SELECT s."key", s."fit",
  CASE WHEN s."failed" = 1 THEN NULL WHEN s."fit" >= 80 THEN 'Perfect' WHEN s."fit" >= 60 THEN 'Strong'
    WHEN s."fit" >= 40 THEN 'Moderate' WHEN s."fit" >= 0 THEN 'Weak' END AS "tier",
  CASE WHEN s."failed" = 1 THEN 'disqualified' WHEN s."fit" IS NULL THEN 'insufficient data'
    ELSE 'scored' END AS "status",
  s."coverage", s."low", s."high", s."invalid"
FROM scores AS s
