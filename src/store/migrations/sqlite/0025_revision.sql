-- How often what pages show of a programme has changed, counted in the same
-- transaction: they show what they keep until this says that it is old. All of a
-- programme, for what is asked of a period, and what comes next, hangs on what
-- came before it. Letters are counted under an empty id.
CREATE TABLE revision (
    program TEXT PRIMARY KEY,
    value   BIGINT NOT NULL
);

CREATE TRIGGER submission_insert_counts AFTER INSERT ON submission BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER submission_update_counts AFTER UPDATE ON submission BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER submission_delete_counts AFTER DELETE ON submission BEGIN
    INSERT INTO revision (program, value) VALUES (OLD.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER exemption_insert_counts AFTER INSERT ON exemption BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER exemption_update_counts AFTER UPDATE ON exemption BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER exemption_delete_counts AFTER DELETE ON exemption BEGIN
    INSERT INTO revision (program, value) VALUES (OLD.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER draft_insert_counts AFTER INSERT ON draft BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER draft_update_counts AFTER UPDATE ON draft BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER draft_delete_counts AFTER DELETE ON draft BEGIN
    INSERT INTO revision (program, value) VALUES (OLD.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER notice_insert_counts AFTER INSERT ON notice BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER notice_update_counts AFTER UPDATE ON notice BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER notice_delete_counts AFTER DELETE ON notice BEGIN
    INSERT INTO revision (program, value) VALUES (OLD.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER extension_insert_counts AFTER INSERT ON extension BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER extension_update_counts AFTER UPDATE ON extension BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER extension_delete_counts AFTER DELETE ON extension BEGIN
    INSERT INTO revision (program, value) VALUES (OLD.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER assignment_insert_counts AFTER INSERT ON assignment BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER assignment_update_counts AFTER UPDATE ON assignment BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER assignment_delete_counts AFTER DELETE ON assignment BEGIN
    INSERT INTO revision (program, value) VALUES (OLD.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER alias_offer_insert_counts AFTER INSERT ON alias_offer BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER alias_offer_update_counts AFTER UPDATE ON alias_offer BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER alias_offer_delete_counts AFTER DELETE ON alias_offer BEGIN
    INSERT INTO revision (program, value) VALUES (OLD.program, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER program_insert_counts AFTER INSERT ON program BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.id, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER program_update_counts AFTER UPDATE ON program BEGIN
    INSERT INTO revision (program, value) VALUES (NEW.id, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER program_delete_counts AFTER DELETE ON program BEGIN
    INSERT INTO revision (program, value) VALUES (OLD.id, 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER letter_insert_counts AFTER INSERT ON letter BEGIN
    INSERT INTO revision (program, value) VALUES ('', 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER letter_update_counts AFTER UPDATE ON letter BEGIN
    INSERT INTO revision (program, value) VALUES ('', 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER letter_delete_counts AFTER DELETE ON letter BEGIN
    INSERT INTO revision (program, value) VALUES ('', 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER trial_insert_counts AFTER INSERT ON meta WHEN NEW.key LIKE 'trial/%' BEGIN
    INSERT INTO revision (program, value) VALUES (substr(NEW.key, 7), 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER trial_delete_counts AFTER DELETE ON meta WHEN OLD.key LIKE 'trial/%' BEGIN
    INSERT INTO revision (program, value) VALUES (substr(OLD.key, 7), 1)
    ON CONFLICT (program) DO UPDATE SET value = value + 1;
END;
