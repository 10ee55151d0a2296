-- What Orleans' ADO.NET membership needs, and the table of our grain state. Orleans finds each statement by its key in OrleansQuery, binds parameters by
-- name and reads columns by name; how a statement does its work is ours. May be run again.

CREATE TABLE IF NOT EXISTS OrleansQuery (
    QueryKey  varchar(64)   PRIMARY KEY,
    QueryText varchar(8000) NOT NULL
);

-- One row a cluster. Every change of the member list raises Version, and only from the version that its author has read: so the silos
-- agree on one order of changes.
CREATE TABLE IF NOT EXISTS OrleansMembershipVersionTable (
    DeploymentId varchar(150)   PRIMARY KEY,
    Timestamp    timestamptz(3) NOT NULL DEFAULT now(),
    Version      integer        NOT NULL DEFAULT 0
);

-- One row a start of a silo (Generation tells the starts of one address apart).
CREATE TABLE IF NOT EXISTS OrleansMembershipTable (
    DeploymentId varchar(150)   NOT NULL REFERENCES OrleansMembershipVersionTable (DeploymentId),
    Address      varchar(45)    NOT NULL,
    Port         integer        NOT NULL,
    Generation   integer        NOT NULL,
    SiloName     varchar(150)   NOT NULL,
    HostName     varchar(150)   NOT NULL,
    Status       integer        NOT NULL,
    ProxyPort    integer,
    SuspectTimes varchar(8000),
    StartTime    timestamptz(3) NOT NULL,
    IAmAliveTime timestamptz(3) NOT NULL,
    PRIMARY KEY (DeploymentId, Address, Port, Generation)
);

-- Grain state, one row a state. Not Orleans' own table: its provider takes a text id that reads as a hexadecimal number for that number, so
-- that products 85123A and 85123a, or users 017 and 17, would share a row.
CREATE TABLE IF NOT EXISTS reco_grain_state (
    key     text   PRIMARY KEY,  -- {service}/{grain type}/{grain key}/{state}
    value   bytea  NOT NULL,     -- JSON
    version bigint NOT NULL      -- raised by every write, which must know the one before
);

-- What each silo of a cluster is set up with: the log that it reads, the state that it keeps. A newcomer that differs is refused.
CREATE TABLE IF NOT EXISTS reco_cluster_charter (
    cluster_id text NOT NULL,
    silo       text NOT NULL,    -- its address
    charter    text NOT NULL,    -- JSON: name, value, identity
    PRIMARY KEY (cluster_id, silo)
);

-- Tells one place of grain state from another, whatever address it is reached by.
CREATE TABLE IF NOT EXISTS reco_state_mark (
    service_id text PRIMARY KEY,
    mark       text NOT NULL
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES

('InsertMembershipVersionKey', $$
    WITH added AS (
        INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT count(*)::integer FROM added;
$$),

-- Both change or neither: the row is added only while the version is the one that was read (its row stays locked until the end), and the
-- version is raised only when the row was added.
('InsertMembershipKey', $$
    WITH expected AS (
        SELECT DeploymentId FROM OrleansMembershipVersionTable
        WHERE DeploymentId = @DeploymentId AND Version = @Version
        FOR UPDATE
    ), added AS (
        INSERT INTO OrleansMembershipTable
            (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
        SELECT DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        FROM expected
        ON CONFLICT DO NOTHING
        RETURNING DeploymentId
    ), raised AS (
        UPDATE OrleansMembershipVersionTable AS v SET Version = v.Version + 1, Timestamp = now()
        FROM added WHERE v.DeploymentId = added.DeploymentId
        RETURNING 1
    )
    SELECT count(*)::integer FROM raised;
$$),

('UpdateMembershipKey', $$
    WITH expected AS (
        SELECT DeploymentId FROM OrleansMembershipVersionTable
        WHERE DeploymentId = @DeploymentId AND Version = @Version
        FOR UPDATE
    ), changed AS (
        UPDATE OrleansMembershipTable AS m SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
        FROM expected
        WHERE m.DeploymentId = expected.DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
        RETURNING m.DeploymentId
    ), raised AS (
        UPDATE OrleansMembershipVersionTable AS v SET Version = v.Version + 1, Timestamp = now()
        FROM changed WHERE v.DeploymentId = changed.DeploymentId
        RETURNING 1
    )
    SELECT count(*)::integer FROM raised;
$$),

-- A sign of life is no change of the list: the version stays.
('UpdateIAmAlivetimeKey', $$
    UPDATE OrleansMembershipTable SET IAmAliveTime = @IAmAliveTime
    WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation;
$$),

-- The version comes also when there is no member: hence the outer join.
('MembershipReadRowKey', $$
    SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
           m.StartTime, m.IAmAliveTime, v.Version
    FROM OrleansMembershipVersionTable AS v
    LEFT JOIN OrleansMembershipTable AS m
        ON m.DeploymentId = v.DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
    WHERE v.DeploymentId = @DeploymentId;
$$),

('MembershipReadAllKey', $$
    SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
           m.StartTime, m.IAmAliveTime, v.Version
    FROM OrleansMembershipVersionTable AS v
    LEFT JOIN OrleansMembershipTable AS m ON m.DeploymentId = v.DeploymentId
    WHERE v.DeploymentId = @DeploymentId;
$$),

('GatewaysQueryKey', $$
    SELECT Address, ProxyPort, Generation FROM OrleansMembershipTable
    WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0;
$$),

('DeleteMembershipTableEntriesKey', $$
    DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId;
    DELETE FROM OrleansMembershipVersionTable WHERE DeploymentId = @DeploymentId;
$$),

-- 3 is SiloStatus.Active.
('CleanupDefunctSiloEntriesKey', $$
    DELETE FROM OrleansMembershipTable
    WHERE DeploymentId = @DeploymentId AND IAmAliveTime < @IAmAliveTime AND Status <> 3;
$$)

ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;
