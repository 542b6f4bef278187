-- How often what a period's standing hangs on has changed, counted in the same
-- transaction: pages show what they know until this says that it is old. An
-- empty period stands for all of a programme, an empty programme for the site.
CREATE TABLE revision (
    program TEXT NOT NULL,
    period  TEXT NOT NULL,
    value   BIGINT NOT NULL,
    PRIMARY KEY (program, period)
);

CREATE TRIGGER submission_insert_counts AFTER INSERT ON submission BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.program, coalesce(NEW.period, ''), 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER submission_update_counts AFTER UPDATE ON submission BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.program, coalesce(NEW.period, ''), 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER submission_delete_counts AFTER DELETE ON submission BEGIN
    INSERT INTO revision (program, period, value) VALUES (OLD.program, coalesce(OLD.period, ''), 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
-- What it was for before, and what it may be for.
CREATE TRIGGER submission_moved_counts AFTER UPDATE OF period, may_be_for ON submission BEGIN
    INSERT INTO revision (program, period, value)
    SELECT NEW.program, period, 1 FROM (
        SELECT OLD.period AS period UNION SELECT OLD.may_be_for UNION SELECT NEW.may_be_for
    ) WHERE period IS NOT NULL
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER submission_may_be_counts AFTER INSERT ON submission WHEN NEW.may_be_for IS NOT NULL BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.program, NEW.may_be_for, 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER exemption_insert_counts AFTER INSERT ON exemption BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.program, NEW.period, 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER exemption_update_counts AFTER UPDATE ON exemption BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.program, NEW.period, 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER exemption_delete_counts AFTER DELETE ON exemption BEGIN
    INSERT INTO revision (program, period, value) VALUES (OLD.program, OLD.period, 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER draft_insert_counts AFTER INSERT ON draft BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.program, NEW.period, 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER draft_update_counts AFTER UPDATE ON draft BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.program, NEW.period, 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER draft_delete_counts AFTER DELETE ON draft BEGIN
    INSERT INTO revision (program, period, value) VALUES (OLD.program, OLD.period, 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER notice_insert_counts AFTER INSERT ON notice BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.program, NEW.period, 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER notice_update_counts AFTER UPDATE ON notice BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.program, NEW.period, 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER notice_delete_counts AFTER DELETE ON notice BEGIN
    INSERT INTO revision (program, period, value) VALUES (OLD.program, OLD.period, 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER extension_insert_counts AFTER INSERT ON extension BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.program, '', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER extension_update_counts AFTER UPDATE ON extension BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.program, '', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER extension_delete_counts AFTER DELETE ON extension BEGIN
    INSERT INTO revision (program, period, value) VALUES (OLD.program, '', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER assignment_insert_counts AFTER INSERT ON assignment BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.program, '', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER assignment_update_counts AFTER UPDATE ON assignment BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.program, '', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER assignment_delete_counts AFTER DELETE ON assignment BEGIN
    INSERT INTO revision (program, period, value) VALUES (OLD.program, '', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER alias_offer_insert_counts AFTER INSERT ON alias_offer BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.program, '', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER alias_offer_update_counts AFTER UPDATE ON alias_offer BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.program, '', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER alias_offer_delete_counts AFTER DELETE ON alias_offer BEGIN
    INSERT INTO revision (program, period, value) VALUES (OLD.program, '', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER program_insert_counts AFTER INSERT ON program BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.id, '', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER program_update_counts AFTER UPDATE ON program BEGIN
    INSERT INTO revision (program, period, value) VALUES (NEW.id, '', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER program_delete_counts AFTER DELETE ON program BEGIN
    INSERT INTO revision (program, period, value) VALUES (OLD.id, '', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER letter_insert_counts AFTER INSERT ON letter BEGIN
    INSERT INTO revision (program, period, value) VALUES ('', 'letters', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER letter_update_counts AFTER UPDATE ON letter BEGIN
    INSERT INTO revision (program, period, value) VALUES ('', 'letters', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER letter_delete_counts AFTER DELETE ON letter BEGIN
    INSERT INTO revision (program, period, value) VALUES ('', 'letters', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER meta_trial_counts AFTER INSERT ON meta WHEN NEW.key LIKE 'trial/%' BEGIN
    INSERT INTO revision (program, period, value) VALUES (substr(NEW.key, 7), '', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER meta_trial_ended_counts AFTER DELETE ON meta WHEN OLD.key LIKE 'trial/%' BEGIN
    INSERT INTO revision (program, period, value) VALUES (substr(OLD.key, 7), '', 1)
    ON CONFLICT (program, period) DO UPDATE SET value = value + 1;
END;
