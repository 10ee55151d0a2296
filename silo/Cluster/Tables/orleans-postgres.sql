-- What Orleans' ADO.NET membership and grain storage need. Orleans finds each statement by its key in OrleansQuery, binds parameters by
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

-- Grain state. The hashes find the few rows of a bucket, the rest tells them apart; not unique, as the extension may be null and long.
CREATE TABLE IF NOT EXISTS OrleansStorage (
    GrainIdHash            integer      NOT NULL,
    GrainIdN0              bigint       NOT NULL,
    GrainIdN1              bigint       NOT NULL,
    GrainTypeHash          integer      NOT NULL,
    GrainTypeString        varchar(512) NOT NULL,
    GrainIdExtensionString varchar(512),
    ServiceId              varchar(150) NOT NULL,
    PayloadBinary          bytea,
    ModifiedOn             timestamp    NOT NULL,
    Version                integer
);

CREATE INDEX IF NOT EXISTS IX_OrleansStorage ON OrleansStorage (GrainIdHash, GrainTypeHash);

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
$$),

('ReadFromStorageKey', $$
    SELECT PayloadBinary, now() AT TIME ZONE 'utc' AS ReadOn, Version FROM OrleansStorage
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
      AND GrainTypeString = @GrainTypeString AND ServiceId = @ServiceId
      AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString;
$$),

-- Orleans takes a version that is not above the one it sent, or none, for "somebody else has written".
('WriteToStorageKey', $$
    SELECT reco_write_grain_state(
        @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId,
        @GrainStateVersion, @PayloadBinary) AS NewGrainStateVersion;
$$),

('ClearStorageKey', $$
    UPDATE OrleansStorage SET PayloadBinary = NULL, Version = Version + 1, ModifiedOn = now() AT TIME ZONE 'utc'
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
      AND GrainTypeString = @GrainTypeString AND ServiceId = @ServiceId
      AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
      AND Version = @GrainStateVersion
    RETURNING Version AS NewGrainStateVersion;
$$),

('DeleteStorageKey', $$
    DELETE FROM OrleansStorage
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
      AND GrainTypeString = @GrainTypeString AND ServiceId = @ServiceId
      AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
      AND Version = @GrainStateVersion
    RETURNING Version + 1 AS NewGrainStateVersion;
$$)

ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;

-- First write: inserted, unless two activations of one grain do it at once (a split cluster), of which the second gets null: they queue at
-- a lock on the grain, as there is no unique key to meet at. Later writes: only from the version that was read.
CREATE OR REPLACE FUNCTION reco_write_grain_state(
    id_hash integer, n0 bigint, n1 bigint, type_hash integer, type_string varchar, extension varchar, service varchar,
    read_version integer, payload bytea)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    written integer;
BEGIN
    IF read_version IS NOT NULL THEN
        UPDATE OrleansStorage SET PayloadBinary = payload, Version = Version + 1, ModifiedOn = now() AT TIME ZONE 'utc'
        WHERE GrainIdHash = id_hash AND GrainTypeHash = type_hash AND GrainIdN0 = n0 AND GrainIdN1 = n1
          AND GrainTypeString = type_string AND ServiceId = service
          AND GrainIdExtensionString IS NOT DISTINCT FROM extension
          AND Version = read_version
        RETURNING Version INTO written;
        RETURN coalesce(written, read_version);
    END IF;

    PERFORM pg_advisory_xact_lock(id_hash, type_hash);
    IF EXISTS (
        SELECT FROM OrleansStorage
        WHERE GrainIdHash = id_hash AND GrainTypeHash = type_hash AND GrainIdN0 = n0 AND GrainIdN1 = n1
          AND GrainTypeString = type_string AND ServiceId = service
          AND GrainIdExtensionString IS NOT DISTINCT FROM extension)
    THEN
        RETURN NULL;
    END IF;

    INSERT INTO OrleansStorage
        (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId, PayloadBinary, ModifiedOn, Version)
    VALUES (id_hash, n0, n1, type_hash, type_string, extension, service, payload, now() AT TIME ZONE 'utc', 1);
    RETURN 1;
END
$$;
