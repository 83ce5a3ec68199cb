using Hognose.Testing;

namespace Hognose.Package.Tests;

public class TrackerTests
{
    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void An_object_tracker_lists_what_is_new_and_holds_nothing(string name) => FreshEnvironment.Of(name).RunProgram("object_tracker.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void A_class_tracker_tells_lives_and_sizes(string name) => FreshEnvironment.Of(name).RunProgram("class_tracker.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Pymplers_functions_give_exact_sizes_in_its_layouts(string name) => FreshEnvironment.Of(name).RunProgram("pympler_sizes.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Pymplers_summaries_and_trackers_count_what_a_program_counts_by_hand(string name) => FreshEnvironment.Of(name).RunProgram("pympler_trackers.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Pymplers_browsers_graphs_and_pages_show_what_there_is(string name) => FreshEnvironment.Of(name).RunProgram("pympler_graphs.py");
}
