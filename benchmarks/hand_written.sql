-- The reference profile as somebody writes it by hand for DuckDB, for speed: plain sums, no rounding, one look at each
-- column. As of 2026-11-21; texts and labels are folded. `benchmarks.sql` compares what icpkit writes with it.
WITH matches AS (
    SELECT
        account_id,
        -- Values of the wrong kind: whole numbers that are none as doubles, infinities, levels that nobody listed.
        CASE WHEN abs(employees) > 9007199254740992 THEN 1 ELSE 0 END
            + CASE WHEN abs(offices) > 9007199254740992 THEN 1 ELSE 0 END
            + CASE WHEN abs(pages_viewed) > 9007199254740992 THEN 1 ELSE 0 END
            + CASE WHEN abs(support_tickets) > 9007199254740992 THEN 1 ELSE 0 END
            + CASE WHEN abs(open_positions) > 9007199254740992 THEN 1 ELSE 0 END
            + CASE WHEN isinf(annual_revenue) THEN 1 ELSE 0 END
            + CASE WHEN isinf(it_budget) THEN 1 ELSE 0 END
            + CASE WHEN isinf(email_open_rate) THEN 1 ELSE 0 END
            + CASE WHEN isinf(headcount_growth) THEN 1 ELSE 0 END AS invalid,
        cloud_maturity AS maturity_level,
        urgency AS urgency_level,
        stage AS stage_level,
        CASE
            WHEN employees < 50 THEN greatest(0e0, (employees - 25) / 25e0)
            WHEN employees > 500 THEN greatest(0e0, (1000 - employees) / 500e0)
            WHEN employees IS NOT NULL THEN 1e0
        END AS employees,
        CASE
            WHEN annual_revenue < 5e6 THEN greatest(0e0, ln(annual_revenue / 2e6) / ln(2.5e0))
            WHEN annual_revenue > 50e6 THEN greatest(0e0, ln(100e6 / annual_revenue) / ln(2e0))
            WHEN annual_revenue IS NOT NULL THEN 1e0
        END AS annual_revenue,
        CASE WHEN offices BETWEEN 2 AND 40 THEN 1e0 WHEN offices IS NOT NULL THEN 0e0 END AS offices,
        CASE
            WHEN industry = 'software' THEN 1e0
            WHEN industry = 'it services' THEN 0.6e0
            WHEN industry = 'financial services' THEN 0.5e0
            WHEN industry = 'biotech' THEN 0.4e0
            WHEN industry IS NOT NULL THEN 0e0
        END AS industry,
        CASE
            WHEN country IN ('united states', 'canada', 'germany', 'österreich', 'france') THEN 1e0
            WHEN country IS NOT NULL THEN 0e0
        END AS country,
        CASE
            WHEN ownership = 'private' THEN 1e0
            WHEN ownership = 'venture backed' THEN 0.8e0
            WHEN ownership IS NOT NULL THEN 0.2e0
        END AS ownership,
        CASE
            WHEN technologies IS NOT NULL THEN (
                CASE WHEN list_contains(technologies, 'salesforce') THEN 3e0 ELSE 0e0 END
                + CASE WHEN list_contains(technologies, 'slack') THEN 1e0 ELSE 0e0 END
                + CASE WHEN list_contains(technologies, 'google workspace') THEN 1e0 ELSE 0e0 END
                + CASE WHEN list_contains(technologies, 'jira') THEN 2e0 ELSE 0e0 END
                + CASE WHEN list_contains(technologies, 'snowflake') THEN 2e0 ELSE 0e0 END
            ) / 9
        END AS technologies,
        CASE
            WHEN list_contains(technologies, 'aws') OR list_contains(technologies, 'azure')
                OR list_contains(technologies, 'gcp') THEN 1e0
            WHEN technologies IS NOT NULL THEN 0e0
        END AS public_cloud,
        CASE
            WHEN cloud_maturity IN ('growing', 'advanced') THEN 1e0
            WHEN cloud_maturity = 'early' THEN 0e0
        END AS cloud_maturity,
        CASE
            WHEN it_budget < 1e5 THEN greatest(0e0, ln(it_budget / 2e4) / ln(5e0))
            WHEN it_budget > 2e6 THEN 0e0
            WHEN it_budget IS NOT NULL THEN 1e0
        END AS it_budget,
        -- What lies after the day of scoring has not happened yet.
        CASE
            WHEN last_demo_request < TIMESTAMPTZ '2026-11-22 00:00:00+00'
                THEN exp(ln(0.5e0) / (30 * 86400e6) * greatest(0, 1795219200000000 - epoch_us(last_demo_request)))
        END AS last_demo_request,
        CASE
            WHEN last_site_visit < TIMESTAMPTZ '2026-11-22 00:00:00+00'
                THEN greatest(0e0, 1 - greatest(0, 1795219200000000 - epoch_us(last_site_visit)) / (90 * 86400e6))
        END AS last_site_visit,
        CASE
            WHEN last_email_reply >= TIMESTAMPTZ '2026-11-22 00:00:00+00' THEN NULL
            WHEN last_email_reply >= TIMESTAMPTZ '2026-11-14 00:00:00+00' THEN 1e0
            WHEN last_email_reply >= TIMESTAMPTZ '2026-10-22 00:00:00+00' THEN 0.6e0
            WHEN last_email_reply >= TIMESTAMPTZ '2026-08-23 00:00:00+00' THEN 0.2e0
            WHEN last_email_reply IS NOT NULL THEN 0e0
        END AS last_email_reply,
        CASE WHEN pages_viewed < 5 THEN greatest(0, pages_viewed) / 5e0 WHEN pages_viewed IS NOT NULL THEN 1e0 END
            AS pages_viewed,
        CASE
            WHEN email_open_rate < 0.2e0 THEN greatest(0e0, (email_open_rate - 0.05e0) / 0.15e0)
            WHEN email_open_rate > 0.8e0 THEN 0e0
            WHEN email_open_rate IS NOT NULL THEN 1e0
        END AS email_open_rate,
        CASE
            WHEN len(compliance) = 0 THEN 1e0
            WHEN compliance IS NOT NULL THEN (
                CASE WHEN list_contains(compliance, 'soc 2') THEN 1e0 ELSE 0e0 END
                + CASE WHEN list_contains(compliance, 'iso 27001') THEN 1e0 ELSE 0e0 END
                + CASE WHEN list_contains(compliance, 'gdpr') THEN 1e0 ELSE 0e0 END
            ) / len(compliance)
        END AS compliance,
        CASE
            WHEN urgency = 'nice-to-have' THEN 0.2e0
            WHEN urgency = 'important' THEN 0.7e0
            WHEN urgency = 'critical' THEN 1e0
        END AS urgency,
        CASE
            WHEN support_tickets > 10 THEN greatest(0e0, (30 - support_tickets) / 20e0)
            WHEN support_tickets IS NOT NULL THEN 1e0
        END AS support_tickets,
        CASE
            WHEN headcount_growth < 0.1e0 THEN greatest(0e0, (headcount_growth + 0.05e0) / 0.15e0)
            WHEN headcount_growth IS NOT NULL THEN 1e0
        END AS headcount_growth,
        CASE
            WHEN open_positions < 3 THEN greatest(0e0, (open_positions - 1) / 2e0)
            WHEN open_positions > 40 THEN greatest(0e0, (80 - open_positions) / 40e0)
            WHEN open_positions IS NOT NULL THEN 1e0
        END AS open_positions,
        CASE
            WHEN stage IN ('series a', 'series b', 'series c', 'ipo') THEN 1e0
            WHEN stage = 'seed' THEN 0e0
        END AS stage,
        CASE
            WHEN last_funding < TIMESTAMPTZ '2026-11-22 00:00:00+00'
                THEN greatest(0e0, 1 - greatest(0, 1795219200000000 - epoch_us(last_funding)) / (365 * 86400e6))
        END AS last_funding
    FROM accounts
),
-- Points of 100: dimensions of 30, 20, 25, 15 and 10, shared by the weights of their criteria.
sums AS (
    SELECT
        account_id,
        invalid + CASE WHEN maturity_level IS NOT NULL AND cloud_maturity IS NULL THEN 1 ELSE 0 END
            + CASE WHEN urgency_level IS NOT NULL AND urgency IS NULL THEN 1 ELSE 0 END
            + CASE WHEN stage_level IS NOT NULL AND stage IS NULL THEN 1 ELSE 0 END AS invalid,
        coalesce(30 / 6.5 * employees, 0) + coalesce(30 / 6.5 * annual_revenue, 0) + coalesce(30 / 6.5 * offices, 0)
            + coalesce(60 / 6.5 * industry, 0) + coalesce(30 / 6.5 * country, 0) + coalesce(15 / 6.5 * ownership, 0)
            + coalesce(8 * technologies, 0) + coalesce(4 * public_cloud, 0) + coalesce(4 * cloud_maturity, 0)
            + coalesce(4 * it_budget, 0)
            + coalesce(75 / 7 * last_demo_request, 0) + coalesce(25 / 7 * last_site_visit, 0)
            + coalesce(25 / 7 * last_email_reply, 0) + coalesce(25 / 7 * pages_viewed, 0)
            + coalesce(25 / 7 * email_open_rate, 0)
            + coalesce(15 / 4 * compliance, 0) + coalesce(30 / 4 * urgency, 0) + coalesce(15 / 4 * support_tickets, 0)
            + coalesce(10 / 4 * headcount_growth, 0) + coalesce(10 / 4 * open_positions, 0)
            + coalesce(10 / 4 * stage, 0) + coalesce(10 / 4 * last_funding, 0) AS points,
        -- A signal that never came counts as 0, and its weight is not covered.
        CASE WHEN last_demo_request IS NULL THEN 75 / 7 ELSE 0e0 END
            + CASE WHEN last_site_visit IS NULL THEN 25 / 7 ELSE 0e0 END
            + CASE WHEN last_email_reply IS NULL THEN 25 / 7 ELSE 0e0 END AS never,
        CASE WHEN employees IS NULL THEN 30 / 6.5 ELSE 0e0 END
            + CASE WHEN annual_revenue IS NULL THEN 30 / 6.5 ELSE 0e0 END
            + CASE WHEN offices IS NULL THEN 30 / 6.5 ELSE 0e0 END
            + CASE WHEN industry IS NULL THEN 60 / 6.5 ELSE 0e0 END
            + CASE WHEN country IS NULL THEN 30 / 6.5 ELSE 0e0 END
            + CASE WHEN ownership IS NULL THEN 15 / 6.5 ELSE 0e0 END
            + CASE WHEN technologies IS NULL THEN 12e0 ELSE 0e0 END  -- and the public cloud
            + CASE WHEN cloud_maturity IS NULL THEN 4e0 ELSE 0e0 END
            + CASE WHEN it_budget IS NULL THEN 4e0 ELSE 0e0 END
            + CASE WHEN pages_viewed IS NULL THEN 25 / 7 ELSE 0e0 END
            + CASE WHEN email_open_rate IS NULL THEN 25 / 7 ELSE 0e0 END
            + CASE WHEN compliance IS NULL THEN 15 / 4 ELSE 0e0 END
            + CASE WHEN urgency IS NULL THEN 30 / 4 ELSE 0e0 END
            + CASE WHEN support_tickets IS NULL THEN 15 / 4 ELSE 0e0 END
            + CASE WHEN headcount_growth IS NULL THEN 10 / 4 ELSE 0e0 END
            + CASE WHEN open_positions IS NULL THEN 10 / 4 ELSE 0e0 END
            + CASE WHEN stage IS NULL THEN 10 / 4 ELSE 0e0 END
            + CASE WHEN last_funding IS NULL THEN 10 / 4 ELSE 0e0 END AS unknown,
        -- The least that an unknown ownership and urgency can bring is above 0.
        CASE WHEN ownership IS NULL THEN 3 / 6.5 ELSE 0e0 END + CASE WHEN urgency IS NULL THEN 1.5e0 ELSE 0e0 END
            AS at_least
    FROM matches
),
fits AS (
    SELECT
        account_id,
        invalid,
        CASE WHEN unknown + never <= 50 THEN 100 * points / (100 - unknown) END AS fit,
        1 - (unknown + never) / 100 AS coverage,
        points + at_least AS low,
        points + unknown AS high
    FROM sums
)
SELECT
    account_id AS key,
    fit,
    CASE
        WHEN fit >= 80 THEN 'Perfect' WHEN fit >= 60 THEN 'Strong' WHEN fit >= 40 THEN 'Moderate' WHEN fit >= 0 THEN 'Weak'
    END AS tier,
    CASE WHEN fit IS NULL THEN 'insufficient data' ELSE 'scored' END AS status,
    coverage,
    low,
    high,
    invalid
FROM fits
