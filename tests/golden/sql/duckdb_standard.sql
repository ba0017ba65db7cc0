-- How well each account of crm.accounts fits Standard: scoring_id 5f165eca0e3b5c24
-- as of 2026-11-21. icpkit x.y.z, semantics 1, for DuckDB (tests run such statements on it).
-- Texts must stand folded as icpkit.fold does. What is null or of the wrong kind is unknown; the latter is counted.
WITH technologies_rows AS (  -- the rows of technologies, by account
  SELECT r."account_id" AS "key",
    MAX(CASE WHEN NULLIF(r."tech", '') IN ('crm', 'salesforce', 'hubspot', 'microsoft dynamics') THEN 1
      ELSE 0 END) AS "has_1",
    MAX(CASE WHEN NULLIF(r."tech", '') = 'slack' THEN 1 ELSE 0 END) AS "has_2",
    MAX(CASE WHEN NULLIF(r."tech", '') = 'google workspace' THEN 1 ELSE 0 END) AS "has_3",
    MAX(CASE WHEN NULLIF(r."tech", '') = 'jira' THEN 1 ELSE 0 END) AS "has_4"
  FROM "crm"."account_tech" AS r
  GROUP BY r."account_id"
),
engagement_rows AS (  -- the rows of engagement, by account
  SELECT r."account_id" AS "key",
    SUM(CASE WHEN EPOCH_US(r."at") <= 1795305599999999
      AND NULLIF(r."kind", '') IS NOT NULL THEN FLOOR(LEAST(CAST(CASE WHEN NULLIF(r."kind", '') IN ('webinar',
      'download') THEN 1 WHEN NULLIF(r."kind", '') = 'pricing page' THEN 2 WHEN NULLIF(r."kind", '') = 'demo' THEN 3
      ELSE 0 END AS DOUBLE) * CASE WHEN r."strength" BETWEEN 0 AND 9007199254740992 THEN CAST(r."strength" AS DOUBLE)
      ELSE 1 END * POWER(2, -LEAST(GREATEST(1795219200000000 - EPOCH_US(r."at"), 0) / 86400e6 / 30, 1000)) / 5,
      1) * 1073741824) / 1073741824e0 END) AS "points_1",
    SUM(CASE WHEN EPOCH_US(r."at") > 1795305599999999 THEN 1 ELSE 0 END) AS "removed",
    MAX(CASE WHEN (EPOCH_US(r."at") <= 1795305599999999 AND NULLIF(r."kind", '') IS NOT NULL
      AND NOT (r."strength" BETWEEN 0 AND 9007199254740992 OR r."strength" IS NULL
      OR ISNAN(CAST(r."strength" AS DOUBLE)))) THEN 1 ELSE 0 END) AS "bad"
  FROM "crm"."touches" AS r
  GROUP BY r."account_id"
),
facts AS (  -- what is known of each account
  SELECT a."id" AS "key",
    CASE WHEN a."employees" BETWEEN -9007199254740992 AND 9007199254740992
      THEN CAST(a."employees" AS DOUBLE) END AS "employees",
    CASE WHEN a."annual_revenue" BETWEEN -9007199254740992 AND 9007199254740992
      THEN CAST(a."annual_revenue" AS DOUBLE) END AS "annual_revenue",
    NULLIF(a."industry", '') AS "industry",
    NULLIF(a."region", '') AS "region",
    CASE WHEN a."founded" BETWEEN 1 AND 2026
      AND FLOOR(CASE WHEN a."founded" BETWEEN 1 AND 9999 THEN a."founded" END) = a."founded"
      THEN CAST(2026 - a."founded" AS DOUBLE) END AS "founded",  -- years since
    CASE WHEN TRUE THEN 1 ELSE 0 END AS "technologies_rows_listed",
    COALESCE(technologies_rows."has_1", 0) AS "technologies_rows_has_1",
    COALESCE(technologies_rows."has_2", 0) AS "technologies_rows_has_2",
    COALESCE(technologies_rows."has_3", 0) AS "technologies_rows_has_3",
    COALESCE(technologies_rows."has_4", 0) AS "technologies_rows_has_4",
    NULLIF(a."cloud_maturity", '') AS "cloud_maturity",
    CASE WHEN EPOCH_US(a."last_demo_request") <= 1795305599999999  -- age in days
      THEN GREATEST(1795219200000000 - EPOCH_US(a."last_demo_request"), 0) / 86400e6 END AS "last_demo_request",
    COALESCE(engagement_rows."bad", 0) AS "engagement_rows_bad",
    CAST(CASE WHEN engagement_rows."points_1" IS NOT NULL
      AND COALESCE(engagement_rows."bad", 0) = 0 THEN LEAST(engagement_rows."points_1", 1)
      WHEN engagement_rows."key" IS NOT NULL AND engagement_rows."points_1" IS NULL
      AND COALESCE(engagement_rows."removed", 0) = 0
      AND COALESCE(engagement_rows."bad", 0) = 0 THEN 0 END AS DOUBLE) AS "engagement_rows_points_1",
    a."pains",  -- a list
    NULLIF(a."urgency", '') AS "urgency",
    (EPOCH_US(a."contract_renewal") - ((EPOCH_US(a."contract_renewal")
      + 62135596800000000) % 86400000000) - 1795219200000000) / 86400e6 AS "contract_renewal",  -- whole days ahead
    CASE WHEN a."headcount_growth" BETWEEN -9007199254740992 AND 9007199254740992
      THEN CAST(a."headcount_growth" AS DOUBLE) END AS "headcount_growth",
    CASE WHEN EPOCH_US(a."last_funding") <= 1795305599999999
      THEN GREATEST(1795219200000000 - EPOCH_US(a."last_funding"), 0) / 86400e6 END AS "last_funding",  -- age in days
    CASE WHEN a."is_competitor" = TRUE THEN 1 WHEN a."is_competitor" = FALSE THEN 0 END AS "is_competitor",
    CASE WHEN a."in_litigation" = TRUE THEN 1 WHEN a."in_litigation" = FALSE THEN 0 END AS "in_litigation",
    CASE WHEN a."employees" BETWEEN -9007199254740992 AND 9007199254740992 THEN 0 WHEN a."employees" IS NULL
      OR ISNAN(CAST(a."employees" AS DOUBLE)) THEN 0 ELSE 1 END
      + CASE WHEN a."annual_revenue" BETWEEN -9007199254740992 AND 9007199254740992 THEN 0
      WHEN a."annual_revenue" IS NULL OR ISNAN(CAST(a."annual_revenue" AS DOUBLE)) THEN 0 ELSE 1 END
      + CASE WHEN a."founded" BETWEEN 1 AND 9999
      AND FLOOR(CASE WHEN a."founded" BETWEEN 1 AND 9999 THEN a."founded" END) = a."founded" THEN 0
      WHEN a."founded" IS NULL OR ISNAN(CAST(a."founded" AS DOUBLE)) THEN 0 ELSE 1 END
      + CASE WHEN a."headcount_growth" BETWEEN -9007199254740992 AND 9007199254740992 THEN 0
      WHEN a."headcount_growth" IS NULL OR ISNAN(CAST(a."headcount_growth" AS DOUBLE)) THEN 0 ELSE 1 END
      + CASE WHEN NOT a."is_competitor" IN (TRUE, FALSE) THEN 1 ELSE 0 END
      + CASE WHEN NOT a."in_litigation" IN (TRUE, FALSE) THEN 1 ELSE 0 END AS "invalid"
  FROM "crm"."accounts" AS a
  LEFT JOIN technologies_rows ON technologies_rows."key" = a."id"
  LEFT JOIN engagement_rows ON engagement_rows."key" = a."id"
),
matches AS (  -- how well each answer fits, 0 to 1; null where it is unknown
  SELECT f."key",
    f."invalid" + f."engagement_rows_bad" AS "invalid",
    f."cloud_maturity" AS "cloud_maturity_level", f."urgency" AS "urgency_level",
    CASE WHEN f."employees" BETWEEN 50 AND 500 THEN 1
      WHEN f."employees" BETWEEN 25 AND 50 THEN GREATEST(1 - 0.04 * (50 - f."employees"), 0)
      WHEN f."employees" BETWEEN 500 AND 1000 THEN GREATEST(1 - 0.002 * (f."employees" - 500), 0)
      WHEN f."employees" IS NOT NULL THEN 0 END AS "employees",  -- firmographics/employees: 50 to 500 (0 at 25 and 1,0…
    FLOOR(CASE WHEN f."annual_revenue" BETWEEN 5000000 AND 50000000 THEN 1  -- firmographics/annual_revenue
      WHEN f."annual_revenue" BETWEEN 2000000 AND 5000000
      THEN 1 - 1.0913566679372904e0 * (15.424948470398375e0 - LN(f."annual_revenue"))
      WHEN f."annual_revenue" BETWEEN 50000000 AND 100000000
      THEN 1 - 1.4426950408889596e0 * (LN(f."annual_revenue") - 17.72753356339242e0)
      WHEN f."annual_revenue" IS NOT NULL THEN 0 END * 1073741824 + 0.5) / 1073741824e0 AS "annual_revenue",
    CASE WHEN f."industry" = 'software' THEN 1e0 WHEN f."industry" = 'it services' THEN 0.6e0  -- firmographics/industry
      WHEN f."industry" = 'financial services' THEN 0.5e0 WHEN f."industry" IS NOT NULL THEN 0e0 END AS "industry",
    CASE WHEN f."region" IN ('north america', 'europe') THEN 1e0 WHEN f."region" = 'apac' THEN 0.5e0
      WHEN f."region" IS NOT NULL THEN 0e0 END AS "region",  -- firmographics/region: one of North America, Europe, APA…
    CASE WHEN f."founded" >= 3 THEN 1 WHEN f."founded" BETWEEN 1 AND 3 THEN GREATEST(1 - 0.5 * (3 - f."founded"), 0)
      WHEN f."founded" IS NOT NULL THEN 0 END AS "founded",  -- firmographics/founded: at least 3 (0 at 1) years old
    CASE WHEN f."technologies_rows_listed" = 1  -- technographics/technologies: share of CRM (any of Salesforce, HubSpo…
      THEN (CASE WHEN f."technologies_rows_has_1" = 1 THEN 2e0 ELSE 0e0 END
      + CASE WHEN f."technologies_rows_has_2" = 1 THEN 1e0 ELSE 0e0 END
      + CASE WHEN f."technologies_rows_has_3" = 1 THEN 1e0 ELSE 0e0 END
      + CASE WHEN f."technologies_rows_has_4" = 1 THEN 1e0 ELSE 0e0 END) / 5 END AS "technologies",
    CASE WHEN f."cloud_maturity" = 'early' THEN 0e0  -- technographics/cloud_maturity: at least Growing (Early < Growin…
      WHEN f."cloud_maturity" IN ('growing', 'advanced') THEN 1e0 END AS "cloud_maturity",
    -- behavioral signals/last_demo_request: recent, halving every 30 days
    CASE WHEN f."last_demo_request" < 960 THEN FLOOR(POWER(2, -f."last_demo_request" / 30) * 1073741824
      + 0.5) / 1073741824e0 WHEN f."last_demo_request" >= 960 THEN 0 END AS "last_demo_request",
    CASE WHEN f."engagement_rows_points_1" IS NOT NULL THEN f."engagement_rows_points_1"
      WHEN f."engagement_rows_bad" = 0 THEN 0 END AS "engagement",  -- behavioral signals/engagement: 5 points of webin…
    CASE WHEN f."engagement_rows_points_1" IS NOT NULL THEN 1 ELSE 0 END AS "engagement_seen",
    -- business needs/pains: any of manual processes, data silos, poor ROI
    CASE WHEN LIST_CONTAINS(f."pains", 'manual processes') OR LIST_CONTAINS(f."pains", 'data silos')
      OR LIST_CONTAINS(f."pains", 'poor roi') THEN 1e0 WHEN f."pains" IS NOT NULL THEN 0e0 END AS "pains",
    CASE WHEN f."urgency" = 'nice-to-have' THEN 0.2e0 WHEN f."urgency" = 'important' THEN 0.7e0
      WHEN f."urgency" = 'critical' THEN 1e0 END AS "urgency",  -- business needs/urgency: Nice-to-have (0.2), Importan…
    CASE WHEN f."contract_renewal" = 0 THEN 1
      WHEN f."contract_renewal" BETWEEN 0 AND 180 THEN GREATEST(1 - 0.005555555555555556e0 * f."contract_renewal", 0)
      WHEN f."contract_renewal" IS NOT NULL THEN 0 END AS "contract_renewal",  -- business needs/contract_renewal
    CASE WHEN f."headcount_growth" >= 0.1 THEN 1
      WHEN f."headcount_growth" BETWEEN 0 AND 0.1 THEN GREATEST(1 - 10 * (0.1 - f."headcount_growth"), 0)
      WHEN f."headcount_growth" IS NOT NULL THEN 0 END AS "headcount_growth",  -- growth potential/headcount_growth
    CASE WHEN f."last_funding" <= 0 THEN 1
      WHEN f."last_funding" BETWEEN 0 AND 365 THEN GREATEST(1 - 0.0027397260273972603e0 * f."last_funding", 0)
      WHEN f."last_funding" IS NOT NULL THEN 0 END AS "last_funding",  -- growth potential/last_funding: recent, fallin…
    CAST(1 - f."is_competitor" AS DOUBLE) AS "gate_is_competitor",  -- gates/is_competitor: no
    CAST(f."in_litigation" AS DOUBLE) AS "adjustment_in_litigation"  -- adjustments/in_litigation: yes
  FROM facts AS f
),
terms AS (  -- weight × match; + 6 - 6 rounds to 2^-50, so that sums are exact in any order
  SELECT m."key",
    m."invalid" + CASE WHEN m."cloud_maturity_level" IS NOT NULL AND m."cloud_maturity" IS NULL THEN 1 ELSE 0 END
      + CASE WHEN m."urgency_level" IS NOT NULL AND m."urgency" IS NULL THEN 1 ELSE 0 END AS "invalid",
    0.0500000000001819 * m."employees" + 6 - 6 AS "employees",  -- 5.0 % of the weight
    0.0500000000001819 * m."annual_revenue" + 6 - 6 AS "annual_revenue",  -- 5.0 % of the weight
    0.0999999999994543 * m."industry" + 6 - 6 AS "industry",  -- 10.0 % of the weight
    0.0500000000001819 * m."region" + 6 - 6 AS "region",  -- 5.0 % of the weight
    0.0500000000001819 * m."founded" + 6 - 6 AS "founded",  -- 5.0 % of the weight
    0.0999999999994543 * m."technologies" + 6 - 6 AS "technologies",  -- 10.0 % of the weight
    0.0999999999994543 * m."cloud_maturity" + 6 - 6 AS "cloud_maturity",  -- 10.0 % of the weight
    0.125 * m."last_demo_request" + 6 - 6 AS "last_demo_request",  -- 12.5 % of the weight
    0.125 * m."engagement" + 6 - 6 AS "engagement",  -- 12.5 % of the weight
    0.0500000000001819 * m."pains" + 6 - 6 AS "pains",  -- 5.0 % of the weight
    0.0500000000001819 * m."urgency" + 6 - 6 AS "urgency",  -- 5.0 % of the weight
    0.0500000000001819 * m."contract_renewal" + 6 - 6 AS "contract_renewal",  -- 5.0 % of the weight
    0.0500000000001819 * m."headcount_growth" + 6 - 6 AS "headcount_growth",  -- 5.0 % of the weight
    0.0500000000001819 * m."last_funding" + 6 - 6 AS "last_funding",  -- 5.0 % of the weight
    m."engagement_seen",
    CASE WHEN (FLOOR(COALESCE(m."gate_is_competitor", 1) * 1e9 + 0.5) / 1e9) < 1 THEN 1 ELSE 0 END AS "failed",
    -- adjustments/in_litigation: -15
    -15 * COALESCE(m."adjustment_in_litigation", 0) AS "adjustment_in_litigation_points_low",
    -15 * COALESCE(m."adjustment_in_litigation", 1) AS "adjustment_in_litigation_points_high"
  FROM matches AS m
),
totals AS (  -- numerator: what counts; unknown: weight that does not; unseen: of what never happened
  SELECT t."key", t."invalid", t."failed",
    COALESCE(t."employees", 0) + COALESCE(t."annual_revenue", 0) + COALESCE(t."industry", 0) + COALESCE(t."region", 0)
      + COALESCE(t."founded", 0) + COALESCE(t."technologies", 0) + COALESCE(t."cloud_maturity", 0)
      + COALESCE(t."last_demo_request", 0) + COALESCE(t."engagement", 0) + COALESCE(t."pains", 0)
      + COALESCE(t."urgency", 0) + COALESCE(t."contract_renewal", 0) + COALESCE(t."headcount_growth", 0)
      + COALESCE(t."last_funding", 0) AS "numerator",
    CASE WHEN t."employees" IS NULL THEN 0.0500000000001819e0 ELSE 0e0 END
      + CASE WHEN t."annual_revenue" IS NULL THEN 0.0500000000001819e0 ELSE 0e0 END
      + CASE WHEN t."industry" IS NULL THEN 0.0999999999994543e0 ELSE 0e0 END
      + CASE WHEN t."region" IS NULL THEN 0.0500000000001819e0 ELSE 0e0 END
      + CASE WHEN t."founded" IS NULL THEN 0.0500000000001819e0 ELSE 0e0 END
      + CASE WHEN t."technologies" IS NULL THEN 0.0999999999994543e0 ELSE 0e0 END
      + CASE WHEN t."cloud_maturity" IS NULL THEN 0.0999999999994543e0 ELSE 0e0 END
      + CASE WHEN t."engagement" IS NULL THEN 0.125e0 ELSE 0e0 END
      + CASE WHEN t."pains" IS NULL THEN 0.0500000000001819e0 ELSE 0e0 END
      + CASE WHEN t."urgency" IS NULL THEN 0.0500000000001819e0 ELSE 0e0 END
      + CASE WHEN t."contract_renewal" IS NULL THEN 0.0500000000001819e0 ELSE 0e0 END
      + CASE WHEN t."headcount_growth" IS NULL THEN 0.0500000000001819e0 ELSE 0e0 END
      + CASE WHEN t."last_funding" IS NULL THEN 0.0500000000001819e0 ELSE 0e0 END AS "unknown",
    COALESCE(t."urgency", 0.010000000000036202e0) - COALESCE(t."urgency", 0) AS "below",
    CASE WHEN t."last_demo_request" IS NULL THEN 0.125e0 ELSE 0e0 END
      + CASE WHEN t."engagement" IS NOT NULL AND t."engagement_seen" = 0 THEN 0.125e0 ELSE 0e0 END AS "unseen",
    t."adjustment_in_litigation_points_low", t."adjustment_in_litigation_points_high"
  FROM terms AS t
),
bounds AS (
  SELECT t.*,
    LEAST(GREATEST(100 * (t."numerator" + t."below") + t."adjustment_in_litigation_points_high", 0), 100) AS "low",
    LEAST(GREATEST(100 * (t."numerator" + t."unknown") + t."adjustment_in_litigation_points_low", 0), 100) AS "high"
  FROM totals AS t
),
scores AS (
  SELECT t."key", t."invalid", t."failed",
    -- null where less than 0.5 of the weight is known
    CASE WHEN (FLOOR((1 - t."unknown" - t."unseen") * 1e9 + 0.5) / 1e9) >= 0.5
      THEN FLOOR(LEAST(GREATEST(100 * t."numerator" / (1 - t."unknown")
      + t."adjustment_in_litigation_points_low", t."low"), t."high") * 1e6 + 0.5) / 1e6 END AS "fit",
    FLOOR((1 - t."unknown" - t."unseen") * 1e9 + 0.5) / 1e9 AS "coverage",
    FLOOR(t."low" * 1e6 + 0.5) / 1e6 AS "low",
    FLOOR(t."high" * 1e6 + 0.5) / 1e6 AS "high"
  FROM bounds AS t
)
SELECT s."key", s."fit",
  CASE WHEN s."failed" = 1 THEN NULL WHEN s."fit" >= 80 THEN 'Perfect' WHEN s."fit" >= 60 THEN 'Strong'
    WHEN s."fit" >= 40 THEN 'Moderate' WHEN s."fit" >= 0 THEN 'Weak' END AS "tier",
  CASE WHEN s."failed" = 1 THEN 'disqualified' WHEN s."fit" IS NULL THEN 'insufficient data'
    ELSE 'scored' END AS "status",
  s."coverage", s."low", s."high", s."invalid"
FROM scores AS s
