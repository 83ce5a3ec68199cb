using Hognose.Testing;

namespace Hognose.Package.Tests;

/// <summary>hognose.profile.</summary>
public class ProfileTests
{
    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Lines_equal_tracemalloc_one_by_one(string name) => FreshEnvironment.Of(name).RunProgram("profile_exact.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Every_kind_of_function_is_profiled_beside_everything_else(string name) => FreshEnvironment.Of(name).RunProgram("profile_kinds.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void A_part_of_a_program_is_recorded_whatever_happens(string name) => FreshEnvironment.Of(name).RunProgram("recording.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void A_program_names_moments_of_its_own_recording(string name) => FreshEnvironment.Of(name).RunProgram("marks.py");

    [Theory]
    [ClassData(typeof(SpreadInterpreters))]
    public void Processes_that_a_program_starts_while_it_records_are_recorded_to_the_block_and_none_notices(string name) =>
        FreshEnvironment.Of(name).RunProgram("recording_children.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void A_script_is_profiled_without_a_change(string name) => FreshEnvironment.Of(name).RunProgram("script_lines.py");
}
