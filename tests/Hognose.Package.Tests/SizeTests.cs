using Hognose.Testing;

namespace Hognose.Package.Tests;

public class SizeTests
{
    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Shallow_sizes_are_those_of_sys_getsizeof(string name) => FreshEnvironment.Of(name).RunProgram("shallow.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Deep_sizes_are_those_of_a_slow_reference(string name) => FreshEnvironment.Of(name).RunProgram("deep.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Hostile_objects_are_measured_without_harm(string name) => FreshEnvironment.Of(name).RunProgram("hostile.py");

    [Theory]
    [ClassData(typeof(SpreadInterpreters))]
    public void A_list_nested_ten_million_deep_is_measured_with_few_bytes(string name) => FreshEnvironment.Of(name).RunProgram("deeply_nested.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void A_tree_of_sizes_adds_up(string name) => FreshEnvironment.Of(name).RunProgram("trees.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Who_holds_what_is_what_the_collector_says(string name) => FreshEnvironment.Of(name).RunProgram("holders.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Attributes_have_their_names_whoever_set_them_and_no_dict_comes_into_being(string name) => FreshEnvironment.Of(name).RunProgram("attributes.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Cycles_are_those_of_a_slow_reference_and_of_the_collector(string name) => FreshEnvironment.Of(name).RunProgram("cycles.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void A_tracker_tells_what_came_and_went_and_nothing_of_itself(string name) => FreshEnvironment.Of(name).RunProgram("trackers.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Examples_in_docstrings_are_true(string name) => FreshEnvironment.Of(name).RunProgram("docstrings.py");
}
