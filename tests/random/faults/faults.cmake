# Seeded faults: each changes one text in one source of the engine. The build makes a copy of every such source with all its
# faults, each asleep until it is named, and links the copies before the same libraries, so that their definitions win:
# program faulty_engine. No hook in the engine, nothing to switch off. In PUT, BROKEN is true where this fault is awake.
# A text that is no longer there, or there twice, fails the build and says which. Where sources are compiled many at once,
# nothing of a changed source may stand in the object of another: rooms with several faults go into faulty_engine whole; in
# the others a source with a fault is compiled alone.
set(fault_steps 4000)
set(fault_seeds 60)
set(fault_folder ${CMAKE_CURRENT_BINARY_DIR}/faults)
set(faulty_sources)
add_executable(faulty_engine)
target_link_libraries(faulty_engine PRIVATE random_engine_main)
target_compile_options(faulty_engine PRIVATE -w)  # what a fault leaves unused is no warning of ours
set(whole_rooms)
if(CMAKE_UNITY_BUILD)
  set(whole_rooms engine/agents engine/flows engine/routing)
  target_precompile_headers(faulty_engine REUSE_FROM pch_engine)
else()
  target_precompile_headers(faulty_engine REUSE_FROM engine_flows)
endif()

function(trunkline_fault name source)
  cmake_parse_arguments(PARSE_ARGV 2 FAULT "" "FIND;PUT" "")
  string(REPLACE "/" "_" place ${source})
  if(NOT place IN_LIST faulty_sources)
    set(faulty_sources ${faulty_sources} ${place} PARENT_SCOPE)
    file(REMOVE_RECURSE ${fault_folder}/${place}.faults)  # the faults of an earlier configuration
    cmake_path(GET source PARENT_PATH folder)
    if(NOT folder IN_LIST whole_rooms)
      string(REPLACE "/" "_" room ${folder})
      set_source_files_properties(${PROJECT_SOURCE_DIR}/${source} TARGET_DIRECTORY ${room} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
    set(script ${CMAKE_CURRENT_SOURCE_DIR}/faults/break_source.cmake)
    add_custom_command(OUTPUT ${fault_folder}/${place} VERBATIM
      DEPENDS ${PROJECT_SOURCE_DIR}/${source} ${script} ${CMAKE_CURRENT_SOURCE_DIR}/faults/faults.cmake
      COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR}/${source} -DFAULTS=${fault_folder}/${place}.faults
              -DOUTPUT=${fault_folder}/${place} -P ${script})
    target_sources(faulty_engine PRIVATE ${fault_folder}/${place})
  endif()
  string(REPLACE BROKEN "trunkline::seeded_fault(\"${name}\")" put "${FAULT_PUT}")
  file(WRITE ${fault_folder}/${place}.faults/${name}.find "${FAULT_FIND}")
  file(WRITE ${fault_folder}/${place}.faults/${name}.put "${put}")
  add_test(NAME faults.${name} COMMAND faulty_engine caught ${name} ${fault_seeds} ${fault_steps} ${fault_folder}/${name}.jsonl)
  set_tests_properties(faults.${name} PROPERTIES TIMEOUT 600 LABELS faults)
endfunction()
# Asleep they change nothing.
add_test(NAME faults.asleep COMMAND faulty_engine hunt 1 2 ${fault_steps} ${fault_folder}/asleep.jsonl)
set_tests_properties(faults.asleep PROPERTIES TIMEOUT 600 LABELS faults)

trunkline_fault(slot_counted_back_twice engine/agents/agents.cpp
  FIND [[        --in_hand->second.load.of(slot.media);]]
  PUT [[        in_hand->second.load.of(slot.media) -= BROKEN ? 2 : 1;]])
trunkline_fault(slot_kept_after_no_answer engine/flows/ringing.cpp
  FIND [[    core.agents.give_back(offer.slot);]]
  PUT [[    if (!BROKEN || state != CallState::no_answer) core.agents.give_back(offer.slot);]])
trunkline_fault(offer_without_deadline engine/flows/ringing.cpp
  FIND [[core.timers.schedule(core.now + from_seconds(ringing_seconds(core, ix, dn)), OfferDeadline{id})]]
  PUT [[BROKEN ? TimerId{} : core.timers.schedule(core.now + from_seconds(ringing_seconds(core, ix, dn)), OfferDeadline{id})]])
trunkline_fault(held_texts_swapped engine/flows/texts.cpp
  FIND [[    for (const HeldText& text : ix.held) {]]
  PUT [[    if (BROKEN) std::reverse(ix.held.begin(), ix.held.end());
    for (const HeldText& text : ix.held) {]])
trunkline_fault(held_text_lost engine/flows/texts.cpp
  FIND [[    if (!read) ix->held.push_back(]]
  PUT [[    if (!read && (!BROKEN || ix->held.size() < 2)) ix->held.push_back(]])
trunkline_fault(wait_timer_left_running engine/flows/sessions.cpp
  FIND [[    core.timers.cancel(ix.wait_timer);]]
  PUT [[    if (!BROKEN) core.timers.cancel(ix.wait_timer);]])
trunkline_fault(ready_agent_not_matched engine/flows/agent_requests.cpp
  FIND [[    emit_agent_state(core, *seat, asked.client, asked.request.reference_id);
    refresh_agent(core, seat->agent);]]
  PUT [[    emit_agent_state(core, *seat, asked.client, asked.request.reference_id);
    if (!BROKEN) refresh_agent(core, seat->agent);]])
trunkline_fault(priorities_reversed engine/routing/router.cpp
  FIND [[    w.priority = priority;]]
  PUT [[    w.priority = BROKEN ? -priority : priority;]])
trunkline_fault(prefix_forgotten engine/flows/texts.cpp
  FIND [[(seat == nullptr ? std::string{} : seat->prefix) + text);]]
  PUT [[(seat == nullptr || BROKEN ? std::string{} : seat->prefix) + text);]])
trunkline_fault(offer_outlives_customer engine/flows/sessions.cpp
  FIND [[    if (ix.offer) withdraw_offer(core, ix, asked_at ? asked : ClientId{}, reference);]]
  PUT [[    if (ix.offer && (!BROKEN || how != End::customer_left)) withdraw_offer(core, ix, asked_at ? asked : ClientId{}, reference);]])
trunkline_fault(queue_stay_left_open engine/flows/sessions.cpp
  FIND [[    if (ix.queue_row) {]]
  PUT [[    if (ix.queue_row && (!BROKEN || how != End::customer_left)) {]])
trunkline_fault(parent_forgotten engine/interactions/interactions.cpp
  FIND [[    closed_.insert_or_assign(leg_key, Closed{id, until});]]
  PUT [[    if (!BROKEN) closed_.insert_or_assign(leg_key, Closed{id, until});]])
trunkline_fault(capacity_ignored engine/flows/agent_work.cpp
  FIND [[: Ability::at_capacity;]]
  PUT [[: BROKEN ? Ability::able : Ability::at_capacity;]])
trunkline_fault(event_to_a_stranger engine/agents/devices.cpp
  FIND [[    std::erase(at->second, id);]]
  PUT [[    if (!BROKEN || at->second.size() == 1) std::erase(at->second, id);]])
trunkline_fault(text_answered_twice engine/flows/texts.cpp
  FIND [[    core.effect(messages::AnswerText{text.txn, 200});]]
  PUT [[    core.effect(messages::AnswerText{text.txn, 200});
    if (BROKEN && text.text.ends_with('3')) core.effect(messages::AnswerText{text.txn, 200});]])
trunkline_fault(wrap_up_never_over engine/flows/after_work.cpp
  FIND [[    seat.rest = core.timers.schedule(end, RestOver{seat.dn});]]
  PUT [[    if (!BROKEN) seat.rest = core.timers.schedule(end, RestOver{seat.dn});]])
trunkline_fault(longest_idle_ignored engine/routing/floor.cpp
  FIND [[    return standing.idle_since.time_since_epoch().count() +]]
  PUT [[    return (BROKEN ? 0 : standing.idle_since.time_since_epoch().count()) +]])
trunkline_fault(release_without_reference engine/flows/session_requests.cpp
  FIND [[End::agent_released, asked.client,]]
  PUT [[End::agent_released, BROKEN ? ClientId{} : asked.client,]])
# Virtual queues, priorities, direct routing.
trunkline_fault(virtual_queue_stay_left_open engine/flows/virtual_queues.cpp
  FIND [[        close_row(core, stay, "abandoned");]]
  PUT [[        if (!BROKEN) close_row(core, stay, "abandoned");]])
trunkline_fault(virtual_queue_not_queued_again engine/flows/virtual_queues.cpp
  FIND [[        if (std::exchange(stay.diverted, false)) emit(]]
  PUT [[        if (std::exchange(stay.diverted, false) != BROKEN) emit(]])
trunkline_fault(rising_priority_stops engine/flows/priorities.cpp
  FIND [[    schedule_step(core, *ix);]]
  PUT [[    if (!BROKEN) schedule_step(core, *ix);]])
trunkline_fault(four_ring_at_a_dn engine/flows/direct_routing.cpp
  FIND [[core.offers.ringing_at(dn) < routing::most_ringing_at_a_dn && !core.dn_queues.first(dn)]]
  PUT [[(BROKEN || core.offers.ringing_at(dn) < routing::most_ringing_at_a_dn) && !core.dn_queues.first(dn)]])
# Agents.
trunkline_fault(legal_guard_skipped engine/flows/after_work.cpp
  FIND [[    return seat.work_ended + from_seconds(guard);]]
  PUT [[    if (BROKEN) return {};
    return seat.work_ended + from_seconds(guard);]])
trunkline_fault(unreachable_not_restored engine/flows/reach.cpp
  FIND [[    stand_again(core, *seat, stood);]]
  PUT [[    if (!BROKEN) stand_again(core, *seat, stood);]])
trunkline_fault(unreachable_forgotten engine/flows/requests.cpp
  FIND [[        watch_reach(core, dn);]]
  PUT [[        if (!BROKEN) watch_reach(core, dn);]])
trunkline_fault(reserved_agent_offered engine/flows/agent_work.cpp
  FIND [[    if (core.reservations.of(seat.agent) != nullptr) return Ability::reserved;]]
  PUT [[    if (!BROKEN && core.reservations.of(seat.agent) != nullptr) return Ability::reserved;]])
trunkline_fault(reservation_outlives_its_client engine/flows/requests.cpp
  FIND [[        give_back_reservation(core, closed.client, dn);]]
  PUT [[        if (!BROKEN) give_back_reservation(core, closed.client, dn);]])
trunkline_fault(reservation_of_others_ignored engine/flows/client_routing.cpp
  FIND [[    if (reserved_from(core, dn->id, asker))]]
  PUT [[    if (!BROKEN && reserved_from(core, dn->id, asker))]])
trunkline_fault(client_routes_a_strategys_session engine/flows/client_routing.cpp
  FIND [[    if (!routed_by_clients(ix)) return]]
  PUT [[    if (!BROKEN && !routed_by_clients(ix)) return]])
# Parties outside.
trunkline_fault(leg_never_ended engine/flows/party_legs.cpp
  FIND [[    core.effect(messages::EndLeg{party.leg->address});]]
  PUT [[    if (!BROKEN) core.effect(messages::EndLeg{party.leg->address});]])
trunkline_fault(party_asked_hears_it_twice engine/flows/texts.cpp
  FIND [[        else if (!opened_with(core, *agent, text.id))]]
  PUT [[        else if (BROKEN || !opened_with(core, *agent, text.id))]])
trunkline_fault(party_hears_nothing_more engine/flows/texts.cpp
  FIND [[    if (over_leg) send_over_leg(core, *agent, id, core.now, text.text);]]
  PUT [[    if (over_leg && !BROKEN) send_over_leg(core, *agent, id, core.now, text.text);]])
# Scripts and what is outside of them.
trunkline_fault(busy_treatment_not_cut_short engine/flows/busy_treatment.cpp
  FIND [[    core.scripts->close_on_wait(id);]]
  PUT [[    if (!BROKEN) core.scripts->close_on_wait(id);]])
trunkline_fault(answer_to_the_wrong_strand engine/flows/outside.cpp
  FIND [[std::move(answer), owner.strand);]]
  PUT [[std::move(answer), BROKEN ? interactions::Strand::strategy : owner.strand);]])
trunkline_fault(late_answer_heard engine/flows/outside.cpp
  FIND [[    core.outside.erase(std::exchange(ix.outside_of(strand), OutsideId{}));]]
  PUT [[    if (BROKEN)
        ix.outside_of(strand) = {};
    else
        core.outside.erase(std::exchange(ix.outside_of(strand), OutsideId{}));]])
trunkline_fault(event_of_another_session engine/flows/awaited_events.cpp
  FIND [[    const auto waits = core.awaited.find(event.call_uuid);]]
  PUT [[    const auto waits = BROKEN ? core.awaited.begin() : core.awaited.find(event.call_uuid);]])
trunkline_fault(session_of_another_tenant engine/flows/user_events.cpp
  FIND [[        if (ix == nullptr || ix->tenant != asked.sender.tenant)]]
  PUT [[        if (ix == nullptr || (!BROKEN && ix->tenant != asked.sender.tenant))]])
# Statistics.
trunkline_fault(figures_not_asked_again engine/routing/floor.cpp
  FIND [[    if (!same_view(seat.standing, standing)) seat.figures.clear();]]
  PUT [[    if (!BROKEN && !same_view(seat.standing, standing)) seat.figures.clear();]])
trunkline_fault(skill_of_the_statistic_ignored engine/routing/floor_orders.cpp
  FIND [[                    rank = -level->second;]]
  PUT [[                    rank = BROKEN ? level->second : -level->second;]])
trunkline_fault(a_ninth_generation_kept engine/scripting/host.cpp
  FIND [[    if (inner_->generations.size() <= most_generations) return {};]]
  PUT [[    if (inner_->generations.size() <= most_generations + (BROKEN ? 4 : 0)) return {};]])
foreach(room IN LISTS whole_rooms)
  file(GLOB sources CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/${room}/*.cpp)
  foreach(source IN LISTS sources)
    string(REPLACE "/" "_" place ${source})
    if(NOT place IN_LIST faulty_sources)
      target_sources(faulty_engine PRIVATE ${PROJECT_SOURCE_DIR}/${source})
    endif()
  endforeach()
endforeach()
